/** The keystead command. */
@NullMarked
package dev.keystead.cli;

import org.jspecify.annotations.NullMarked;
