@NullMarked
package dev.keystead.tao.seal;

import org.jspecify.annotations.NullMarked;
