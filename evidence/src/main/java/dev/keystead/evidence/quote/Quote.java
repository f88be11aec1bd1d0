package dev.keystead.evidence.quote;

import dev.keystead.tpm.structure.TpmSignature;

/**
 * A quote as a machine sent it: nothing of it is known to be true.
 *
 * @param attest the TPMS_ATTEST bytes that were signed
 * @param signature over {@code attest}
 * @param values the PCR values that the attested digest is said to be over
 */
public record Quote(byte[] attest, TpmSignature signature, PcrValues values) {}
