/** A software TPM inside the process, made and endorsed locally. */
@NullMarked
package dev.keystead.node.embedded;

import org.jspecify.annotations.NullMarked;
