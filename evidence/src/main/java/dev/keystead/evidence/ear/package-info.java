/** Attestation results as EAT (draft-ietf-rats-ear), for relying parties that know no Keystead. */
@NullMarked
package dev.keystead.evidence.ear;

import org.jspecify.annotations.NullMarked;
