/** The measurement list: served in increments, and emulated over a real TPM. */
@NullMarked
package dev.keystead.node.ima;

import org.jspecify.annotations.NullMarked;
