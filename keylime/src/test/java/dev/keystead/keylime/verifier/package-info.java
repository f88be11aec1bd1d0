/** Tests. */
@NullMarked
package dev.keystead.keylime.verifier;

import org.jspecify.annotations.NullMarked;
