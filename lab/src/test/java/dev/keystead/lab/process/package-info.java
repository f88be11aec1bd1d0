/** Other people's programs, and our own, as processes of a test. */
@NullMarked
package dev.keystead.lab.process;

import org.jspecify.annotations.NullMarked;
