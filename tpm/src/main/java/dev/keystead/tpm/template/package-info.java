/** Public areas to create keys from: endorsement, storage, attestation, sealed data. */
@NullMarked
package dev.keystead.tpm.template;

import org.jspecify.annotations.NullMarked;
