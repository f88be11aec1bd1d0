/** The push agent: it comes to its verifier with its evidence (section 11). */
@NullMarked
package dev.keystead.node.push;

import org.jspecify.annotations.NullMarked;
