/** Tests. */
@NullMarked
package dev.keystead.keylime.revocation;

import org.jspecify.annotations.NullMarked;
