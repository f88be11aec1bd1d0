@NullMarked
package dev.keystead.tao.host;

import org.jspecify.annotations.NullMarked;
