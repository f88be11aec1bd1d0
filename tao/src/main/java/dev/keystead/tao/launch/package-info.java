/**
 * Measuring programs and starting exactly what was measured, and the log of what was started
 * (docs/launching.md).
 */
@NullMarked
package dev.keystead.tao.launch;

import org.jspecify.annotations.NullMarked;
