/** What a TPM says about itself. */
@NullMarked
package dev.keystead.tpm.property;

import org.jspecify.annotations.NullMarked;
