/** Signed bytes: COSE_Sign1 of RFC 9052 with the algorithms of RFC 9053. */
@NullMarked
package dev.keystead.claims.cose;

import org.jspecify.annotations.NullMarked;
