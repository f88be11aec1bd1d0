/** Benchmarks: CPU time and ratios taken in one run. */
@NullMarked
package dev.keystead.bench;

import org.jspecify.annotations.NullMarked;
