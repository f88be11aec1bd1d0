/** Tests of the wire, most of them against recordings of Keylime's own parts. */
@NullMarked
package dev.keystead.keylime;

import org.jspecify.annotations.NullMarked;
