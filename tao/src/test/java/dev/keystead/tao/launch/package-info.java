@NullMarked
package dev.keystead.tao.launch;

import org.jspecify.annotations.NullMarked;
