/**
 * Who says that a TPM is one: endorsement key certificates (TCG EK Credential Profile 2.5), their
 * path to a maker's root, and the key that they are for.
 */
@NullMarked
package dev.keystead.evidence.endorsement;

import org.jspecify.annotations.NullMarked;
