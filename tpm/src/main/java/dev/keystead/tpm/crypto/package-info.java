/** The key derivations and ciphers that TPM 2.0 Part 1 defines. */
@NullMarked
package dev.keystead.tpm.crypto;

import org.jspecify.annotations.NullMarked;
