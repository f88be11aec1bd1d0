/**
 * Keylime's wire: messages, encodings and versions, for both sides. Each message is a record with
 * {@code parse(Json)} and {@code toJson()}; what does not parse throws {@link
 * dev.keystead.keylime.WireException}.
 */
@NullMarked
package dev.keystead.keylime;

import org.jspecify.annotations.NullMarked;
