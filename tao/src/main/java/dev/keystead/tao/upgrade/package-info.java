/** Hand-over: a program gives its keys to the version that comes after it. */
@NullMarked
package dev.keystead.tao.upgrade;

import org.jspecify.annotations.NullMarked;
