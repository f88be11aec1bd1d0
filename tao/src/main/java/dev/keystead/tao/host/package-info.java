/** Hosts that are programs themselves: one core over whatever host is below. */
@NullMarked
package dev.keystead.tao.host;

import org.jspecify.annotations.NullMarked;
