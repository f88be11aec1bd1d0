@NullMarked
package dev.keystead.tao.platform;

import org.jspecify.annotations.NullMarked;
