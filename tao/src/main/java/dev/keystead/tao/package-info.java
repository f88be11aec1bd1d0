/** The Tao: programs as principals, and the hosts that name them. */
@NullMarked
package dev.keystead.tao;

import org.jspecify.annotations.NullMarked;
