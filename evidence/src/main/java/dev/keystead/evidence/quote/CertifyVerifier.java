package dev.keystead.evidence.quote;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmSignature;
import java.security.MessageDigest;
import java.util.List;

/** Verifies that a key says of another that it is in the same TPM: TPM2_Certify. */
public final class CertifyVerifier {
  private final AttestationKey key;

  /** Believes this key. */
  public CertifyVerifier(AttestationKey key) {
    this.key = key;
  }

  /**
   * Verifies a certification.
   *
   * @param attest TPMS_ATTEST as it was signed
   * @param subject the Name of the key that must be certified
   * @param qualifying what the qualifying data may be, exactly
   * @throws EvidenceException with ALGORITHM_REFUSED, SIGNATURE_INVALID, MALFORMED, AK_UNFIT (it
   *     certifies something else) or NONCE_MISMATCH
   */
  public void require(
      byte[] attest, TpmSignature signature, TpmName subject, List<byte[]> qualifying) {
    if (!key.signsWith(Scheme.of(signature), signature.hash())) {
      throw refused(Code.ALGORITHM_REFUSED, "it is not signed as the certifying key signs");
    }
    SignatureCheck.require(key.publicKey(), signature, attest);
    Attest parsed;
    try {
      parsed = Attest.parse(attest);
    } catch (TpmFormatException e) {
      throw refused(Code.MALFORMED, String.valueOf(e.getMessage()));
    }
    if (!(parsed.attested() instanceof Attest.Certified certified)
        || !certified.name().equals(subject)) {
      throw refused(Code.AK_UNFIT, "it does not certify this key");
    }
    if (qualifying.stream().noneMatch(data -> MessageDigest.isEqual(parsed.extraData(), data))) {
      throw refused(Code.NONCE_MISMATCH, "its qualifying data is for another purpose");
    }
  }

  private static EvidenceException refused(Code code, String detail) {
    return new EvidenceException(code, "certification", detail);
  }
}
