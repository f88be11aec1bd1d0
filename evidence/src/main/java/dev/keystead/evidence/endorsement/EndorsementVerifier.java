package dev.keystead.evidence.endorsement;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Validates EK certificates against one store; immutable. Never asks the network. */
public final class EndorsementVerifier {
  private static final int MAX_PATH = 8;
  private static final int MAX_HINTS = 16;
  private static final int CRL_SIGN = 6;

  private final EndorsementStore store;
  private final Set<TrustAnchor> anchors;

  /** Trusts the roots of {@code store}. */
  public EndorsementVerifier(EndorsementStore store) {
    this.store = store;
    this.anchors =
        store.roots().stream()
            .map(root -> new TrustAnchor(root, null))
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Builds and validates a path (RFC 5280) from the certificate to a root, with the store's
   * intermediates and those that the machine sent.
   *
   * @param hints certificates from the machine, DER or PEM; those that cannot be read, and those
   *     beyond the 16th, are left out
   * @param now the time of validity
   * @throws EvidenceException with EK_UNTRUSTED
   */
  public EndorsedCertificate verify(EkCertificate ek, List<byte[]> hints, Instant now) {
    return new EndorsedCertificate(ek, path(ek.certificate(), hints, "EK certificate", now));
  }

  /**
   * The same for a certificate of another use, which the caller has looked at.
   *
   * @param what names it in findings
   * @return the path from the certificate to the root
   * @throws EvidenceException with EK_UNTRUSTED
   */
  List<X509Certificate> path(X509Certificate target, List<byte[]> hints, String what, Instant now) {
    List<X509Certificate> others = new ArrayList<>(store.intermediates());
    hints.stream().limit(MAX_HINTS).forEach(hint -> readable(hint).ifPresent(others::add));
    others.add(target);
    PKIXCertPathBuilderResult built = build(target, others, what, now);
    List<X509Certificate> path = new ArrayList<>();
    built.getCertPath().getCertificates().forEach(c -> path.add((X509Certificate) c));
    path.add(built.getTrustAnchor().getTrustedCert());
    for (int i = 0; i + 1 < path.size(); i++) {
      requireNotRevoked(path.get(i), path.get(i + 1), what, now);
    }
    return path;
  }

  private PKIXCertPathBuilderResult build(
      X509Certificate target, List<X509Certificate> others, String what, Instant now) {
    try {
      X509CertSelector selector = new X509CertSelector();
      selector.setCertificate(target);
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, selector);
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(others)));
      parameters.setRevocationEnabled(false);
      parameters.setMaxPathLength(MAX_PATH);
      parameters.setDate(Date.from(now));
      return (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
    } catch (CertPathBuilderException e) {
      throw untrusted(
          what,
          "no valid path from %s, issued by %s, to a root: %s"
              .formatted(
                  target.getSubjectX500Principal(), target.getIssuerX500Principal(), reason(e)));
    } catch (GeneralSecurityException e) {
      throw untrusted(what, "the path cannot be checked: " + e.getMessage());
    }
  }

  private static String reason(Throwable e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage());
  }

  /**
   * Checked here and not by the JDK, which would fetch lists from addresses in certificates. Where
   * the store has lists of an issuer, one of them has to be good.
   */
  private void requireNotRevoked(
      X509Certificate certificate, X509Certificate issuer, String what, Instant now) {
    List<X509CRL> lists =
        store.crls().stream()
            .filter(crl -> crl.getIssuerX500Principal().equals(issuer.getSubjectX500Principal()))
            .toList();
    if (lists.isEmpty()) {
      return;
    }
    List<X509CRL> good = lists.stream().filter(crl -> isGood(crl, issuer, now)).toList();
    if (good.isEmpty()) {
      throw untrusted(
          what,
          "no revocation list of %s is current and signed by it"
              .formatted(issuer.getSubjectX500Principal()));
    }
    if (good.stream().anyMatch(crl -> crl.isRevoked(certificate))) {
      throw untrusted(
          what,
          "%s, serial number %s, is revoked"
              .formatted(certificate.getSubjectX500Principal(), certificate.getSerialNumber()));
    }
  }

  private static boolean isGood(X509CRL crl, X509Certificate issuer, Instant now) {
    boolean[] usage = issuer.getKeyUsage();
    if ((usage != null && !usage[CRL_SIGN])
        || crl.hasUnsupportedCriticalExtension()
        || crl.getThisUpdate().toInstant().isAfter(now)
        || crl.getNextUpdate() == null
        || crl.getNextUpdate().toInstant().isBefore(now)) {
      return false;
    }
    try {
      crl.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Optional<X509Certificate> readable(byte[] hint) {
    try {
      return Optional.of(CertificateFile.single(hint));
    } catch (EvidenceException e) {
      return Optional.empty();
    }
  }

  private static EvidenceException untrusted(String what, String detail) {
    return new EvidenceException(Code.EK_UNTRUSTED, what, detail);
  }
}
