/** Keylime's wire: messages, encodings, versions, for both sides. */
@NullMarked
package dev.keystead.keylime;

import org.jspecify.annotations.NullMarked;
