package dev.keystead.http.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is trusted at the other end of a connection: authorities that certify it (RFC 5280 section
 * 6), or certificates themselves, compared whole. Nothing of the system's trust store.
 *
 * @param authorities certificates of authorities; each must say that it is one
 * @param pinned certificates that are trusted as they are, as Keylime does with an agent's
 * @param revocations where the revocation lists of these authorities come from; a listed
 *     certificate is refused, also when the list is past its next update
 * @param clock by which validity is decided
 */
public record TrustedCertificates(
    List<X509Certificate> authorities,
    List<X509Certificate> pinned,
    RevocationSource revocations,
    InstantSource clock) {
  private static final int MAX_CHAIN = 8;
  private static final RevocationSource NONE = new RevocationSource.Fixed(List.of());

  /** What a certificate is used for. */
  enum Use {
    CLIENT("1.3.6.1.5.5.7.3.2"),
    SERVER("1.3.6.1.5.5.7.3.1");

    private static final String ANY = "2.5.29.37.0";
    private final String oid;

    Use(String oid) {
      this.oid = oid;
    }
  }

  /** Refuses an empty trust, and authorities that are none. */
  public TrustedCertificates {
    authorities = List.copyOf(authorities);
    pinned = List.copyOf(pinned);
    if (authorities.isEmpty() && pinned.isEmpty()) {
      throw new CredentialException("nothing is trusted");
    }
    for (X509Certificate authority : authorities) {
      if (authority.getBasicConstraints() < 0) {
        throw new CredentialException("trusted authority is not an authority");
      }
    }
  }

  /** Whatever these authorities certify. */
  public static TrustedCertificates authorities(List<X509Certificate> authorities) {
    return new TrustedCertificates(authorities, List.of(), NONE, InstantSource.system());
  }

  /** Exactly this certificate. */
  public static TrustedCertificates pinned(X509Certificate certificate) {
    return new TrustedCertificates(List.of(), List.of(certificate), NONE, InstantSource.system());
  }

  /** The same trust less what these lists revoke. */
  public TrustedCertificates revoking(List<X509CRL> revocations) {
    return revoking(new RevocationSource.Fixed(revocations));
  }

  /** The same trust less what is revoked at each moment. */
  public TrustedCertificates revoking(RevocationSource revocations) {
    return new TrustedCertificates(authorities, pinned, revocations, clock);
  }

  /** The same trust by another clock. */
  public TrustedCertificates at(InstantSource clock) {
    return new TrustedCertificates(authorities, pinned, revocations, clock);
  }

  /**
   * Checks a chain that the other end sent, own certificate first: each must certify the one before
   * it, and the last must be certified by an authority or be one.
   *
   * @throws CertificateException if it is not trusted for this use
   */
  void check(X509Certificate[] chain, Use use) throws CertificateException {
    if (chain.length == 0 || chain.length > MAX_CHAIN) {
      throw new CertificateException("chain is empty or too long");
    }
    X509Certificate leaf = chain[0];
    Date now = Date.from(clock.instant());
    checkUse(leaf, use);
    if (pinned.contains(leaf)) {
      if (use == Use.CLIENT && chain.length > 1) {
        throw new CertificateException("client sent more than its pinned certificate");
      }
      leaf.checkValidity(now);
      return;
    }
    List<X509Certificate> path = new ArrayList<>(List.of(chain));
    if (path.size() > 1 && authorities.contains(path.getLast())) {
      path.removeLast();
    }
    X509Certificate authority = validate(path, now);
    authority.checkValidity(now);
    path.add(authority);
    requireNotRevoked(path);
  }

  /**
   * Requires that nothing of a path that was checked before has been revoked since.
   *
   * @param path own certificate first, the authority's or one that it certified last
   * @throws CertificateException if something has been, or if that cannot be known
   */
  public void requireNotRevoked(List<X509Certificate> path) throws CertificateException {
    List<X509CRL> lists;
    try {
      lists = revocations.current();
    } catch (CredentialException e) {
      throw new CertificateException("it cannot be known what is revoked", e);
    }
    for (int i = 0; i < path.size(); i++) {
      X509Certificate certificate = path.get(i);
      List<X509Certificate> issuers = i + 1 < path.size() ? List.of(path.get(i + 1)) : authorities;
      for (X509Certificate issuer : issuers) {
        if (certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
          checkRevocation(lists, certificate, issuer);
        }
      }
    }
  }

  private X509Certificate validate(List<X509Certificate> path, Date now)
      throws CertificateException {
    if (authorities.isEmpty()) {
      throw new CertificateException("certificate is not the one that is pinned");
    }
    try {
      PKIXParameters parameters =
          new PKIXParameters(
              authorities.stream().map(a -> new TrustAnchor(a, null)).collect(Collectors.toSet()));
      parameters.setRevocationEnabled(false);
      parameters.setDate(now);
      var certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
      var result =
          (PKIXCertPathValidatorResult)
              CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
      return result.getTrustAnchor().getTrustedCert();
    } catch (CertificateException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new CertificateException("certificate is not trusted: " + e.getMessage(), e);
    }
  }

  private static void checkRevocation(
      List<X509CRL> lists, X509Certificate certificate, X509Certificate issuer)
      throws CertificateException {
    for (X509CRL crl : lists) {
      if (!crl.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
        continue;
      }
      try {
        crl.verify(issuer.getPublicKey());
      } catch (GeneralSecurityException e) {
        throw new CertificateException("revocation list is not the authority's", e);
      }
      if (crl.isRevoked(certificate)) {
        throw new CertificateException("certificate is revoked");
      }
    }
  }

  private static void checkUse(X509Certificate leaf, Use use) throws CertificateException {
    boolean[] keyUsage = leaf.getKeyUsage();
    if (keyUsage != null && !keyUsage[0]) {
      throw new CertificateException("certificate is not for digital signatures");
    }
    List<String> extended = leaf.getExtendedKeyUsage();
    if (extended != null && !extended.contains(use.oid) && !extended.contains(Use.ANY)) {
      throw new CertificateException("certificate is not for this side of TLS");
    }
  }
}
