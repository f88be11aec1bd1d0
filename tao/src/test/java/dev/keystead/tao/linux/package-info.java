@NullMarked
package dev.keystead.tao.linux;

import org.jspecify.annotations.NullMarked;
