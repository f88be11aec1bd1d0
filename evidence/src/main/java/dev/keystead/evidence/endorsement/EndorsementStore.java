package dev.keystead.evidence.endorsement;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * The TPM makers whom the owner trusts.
 *
 * @param roots where paths may end; at least one
 * @param intermediates certificates that paths may be built with; not trusted for being here
 * @param crls revocation lists; where there is one of an issuer, it decides
 */
public record EndorsementStore(
    List<X509Certificate> roots, List<X509Certificate> intermediates, List<X509CRL> crls) {
  /** Takes copies; refuses a store without roots with POLICY_UNUSABLE. */
  public EndorsementStore {
    roots = List.copyOf(roots);
    intermediates = List.copyOf(intermediates);
    crls = List.copyOf(crls);
    if (roots.isEmpty()) {
      throw new EvidenceException(
          Code.POLICY_UNUSABLE, "EK roots", "there is no self-signed certificate");
    }
  }

  /**
   * Reads a store from the contents of files, each one certificate or CRL as DER or any number as
   * PEM. Self-signed certificates are the roots, all others intermediates.
   *
   * @throws EvidenceException with POLICY_UNUSABLE
   */
  public static EndorsementStore of(List<byte[]> files) {
    List<X509Certificate> roots = new ArrayList<>();
    List<X509Certificate> intermediates = new ArrayList<>();
    List<X509CRL> crls = new ArrayList<>();
    for (byte[] file : files) {
      CertificateFile read;
      try {
        read = CertificateFile.parse(file);
      } catch (EvidenceException e) {
        throw new EvidenceException(Code.POLICY_UNUSABLE, "EK roots", e.finding().detail());
      }
      read.certificates().forEach(c -> (isSelfSigned(c) ? roots : intermediates).add(c));
      crls.addAll(read.crls());
    }
    return new EndorsementStore(roots, intermediates, crls);
  }

  private static boolean isSelfSigned(X509Certificate certificate) {
    if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
      return false;
    }
    try {
      certificate.verify(certificate.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
