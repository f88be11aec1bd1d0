/** {@code keystead node …}: the owner's orders. */
@NullMarked
package dev.keystead.cli.node;

import org.jspecify.annotations.NullMarked;
