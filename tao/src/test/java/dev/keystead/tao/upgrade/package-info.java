@NullMarked
package dev.keystead.tao.upgrade;

import org.jspecify.annotations.NullMarked;
