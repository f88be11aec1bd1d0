package dev.keystead.evidence.endorsement;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.tpm.structure.TpmPublic;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/** An endorsement key that a trusted maker's certificate vouches for. */
public final class EndorsedKey {
  private final TpmPublic area;
  private final EndorsedCertificate certificate;

  EndorsedKey(TpmPublic area, EndorsedCertificate certificate) {
    this.area = area;
    this.certificate = certificate;
  }

  /** The public area, for making credentials. */
  public TpmPublic area() {
    return area;
  }

  /** The certificate and its path. */
  public EndorsedCertificate certificate() {
    return certificate;
  }

  /**
   * Requires that the attestation key is another key.
   *
   * @throws EvidenceException with AK_UNFIT
   */
  public void requireOtherThan(AttestationKey ak) {
    if (sameKey(ak.publicKey(), certificate.certificate().publicKey())) {
      throw new EvidenceException(
          Code.AK_UNFIT, "attestation key", "it is the endorsement key itself");
    }
  }

  static boolean sameKey(PublicKey a, PublicKey b) {
    if (a instanceof RSAPublicKey x && b instanceof RSAPublicKey y) {
      return x.getModulus().equals(y.getModulus())
          && x.getPublicExponent().equals(y.getPublicExponent());
    }
    return a instanceof ECPublicKey x
        && b instanceof ECPublicKey y
        && x.getW().equals(y.getW())
        && x.getParams().getCurve().equals(y.getParams().getCurve());
  }
}
