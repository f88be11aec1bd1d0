/** A TPM 2.0 as a typed device. */
@NullMarked
package dev.keystead.tpm;

import org.jspecify.annotations.NullMarked;
