@NullMarked
package dev.keystead.tao;

import org.jspecify.annotations.NullMarked;
