@NullMarked
package dev.keystead.control;

import org.jspecify.annotations.NullMarked;
