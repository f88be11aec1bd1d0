package dev.keystead.tao.attestation;

import dev.keystead.claims.Sha256;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tpm.structure.PcrSelection;

/**
 * What a TPM has measured an operating system to be: SHA-256 over the CBOR array of {@value
 * #CONTEXT}, the policy key's digest, the selected banks as pairs of algorithm and bit mask, and
 * the digest over the selected PCRs as a quote has it. Which PCRs are looked at is a part of it, so
 * nobody gains by looking at others.
 */
public final class PcrMeasurement {
  private static final String CONTEXT = "keystead/pcr-measurement/1";

  private PcrMeasurement() {}

  /**
   * The measurement.
   *
   * @param pcrDigest SHA-256 over the selected PCRs' values, in the selection's order
   */
  public static Measurement of(PolicyKey policyKey, PcrSelection selection, byte[] pcrDigest) {
    Cbor banks =
        new Cbor.Array(
            selection.banks().stream()
                .map(bank -> Cbor.array(Cbor.of(bank.alg().id()), Cbor.of(bank.mask())))
                .toList());
    return Measurement.of(
        Sha256.of(
            Cbor.array(Cbor.of(CONTEXT), Cbor.of(policyKey.digest()), banks, Cbor.of(pcrDigest))
                .encode()));
  }
}
