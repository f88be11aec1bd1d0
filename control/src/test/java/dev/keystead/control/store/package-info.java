@NullMarked
package dev.keystead.control.store;

import org.jspecify.annotations.NullMarked;
