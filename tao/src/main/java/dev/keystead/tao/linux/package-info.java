/** The host on Linux: the programs that run on it, and who among its callers they are. */
@NullMarked
package dev.keystead.tao.linux;

import org.jspecify.annotations.NullMarked;
