/** Tests. */
@NullMarked
package dev.keystead.keylime.registration;

import org.jspecify.annotations.NullMarked;
