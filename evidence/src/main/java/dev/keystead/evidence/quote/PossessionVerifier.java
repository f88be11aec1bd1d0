package dev.keystead.evidence.quote;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmSignature;
import java.security.MessageDigest;

/**
 * Verifies that somebody can use an attestation key now: TPM2_Certify of the key by itself, with a
 * challenge as qualifying data. A quote says as much about the key, but quotes are given to whoever
 * may ask an agent for evidence; this is not.
 */
public final class PossessionVerifier {
  private final AttestationKey key;

  /** Proofs by this key alone. */
  public PossessionVerifier(AttestationKey key) {
    this.key = key;
  }

  /**
   * Verifies a proof.
   *
   * @param attest TPMS_ATTEST as it was signed
   * @param challenge that was set, exactly
   * @throws EvidenceException with ALGORITHM_REFUSED, SIGNATURE_INVALID, MALFORMED, NOT_A_QUOTE (it
   *     attests to something else) or NONCE_MISMATCH
   */
  public void require(byte[] attest, TpmSignature signature, byte[] challenge) {
    if (!key.signsWith(Scheme.of(signature), signature.hash())) {
      throw refused(Code.ALGORITHM_REFUSED, "it is not signed as the key signs");
    }
    SignatureCheck.require(key.publicKey(), signature, attest);
    Attest parsed;
    try {
      parsed = Attest.parse(attest);
    } catch (TpmFormatException e) {
      throw refused(Code.MALFORMED, String.valueOf(e.getMessage()));
    }
    if (!(parsed.attested() instanceof Attest.Certified certified)
        || !certified.name().equals(key.name())) {
      throw refused(Code.NOT_A_QUOTE, "it does not certify the key");
    }
    if (!MessageDigest.isEqual(parsed.extraData(), challenge)) {
      throw refused(Code.NONCE_MISMATCH, "it is not over the challenge");
    }
  }

  private static EvidenceException refused(Code code, String detail) {
    return new EvidenceException(code, "proof of possession", detail);
  }
}
