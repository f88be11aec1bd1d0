/** Credential protection (Part 1, 24): made by anyone, opened only by one TPM. */
@NullMarked
package dev.keystead.tpm.credential;

import org.jspecify.annotations.NullMarked;
