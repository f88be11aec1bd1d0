/** {@code keystead tpm …}: what a TPM is and holds. */
@NullMarked
package dev.keystead.cli.tpm;

import org.jspecify.annotations.NullMarked;
