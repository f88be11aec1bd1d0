/** What a TPM's maker left in it: endorsement keys and their certificates. */
@NullMarked
package dev.keystead.tpm.endorsement;

import org.jspecify.annotations.NullMarked;
