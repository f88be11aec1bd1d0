/** Signed statements and the principals who make them. */
@NullMarked
package dev.keystead.claims;

import org.jspecify.annotations.NullMarked;
