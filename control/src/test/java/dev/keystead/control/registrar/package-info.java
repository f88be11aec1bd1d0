@NullMarked
package dev.keystead.control.registrar;

import org.jspecify.annotations.NullMarked;
