/** Tests of what a hosted program links. */
@NullMarked
package dev.keystead.program;

import org.jspecify.annotations.NullMarked;
