/** Tests. */
@NullMarked
package dev.keystead.keylime.quote;

import org.jspecify.annotations.NullMarked;
