@NullMarked
package dev.keystead.control.migration;

import org.jspecify.annotations.NullMarked;
