/** The push model, version 3.0 of the wire: agents come to the verifier (section 11). */
@NullMarked
package dev.keystead.keylime.push;

import org.jspecify.annotations.NullMarked;
