package dev.keystead.http.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.bc.BcX509ExtensionUtils;

/**
 * Which certificates an authority has revoked, and the number of the list that says so (RFC 5280
 * section 5).
 *
 * @param number grows with every list
 * @param revoked serial numbers and when they were revoked
 */
record RevocationList(BigInteger number, SortedMap<BigInteger, Instant> revoked) {
  /** How long after a list another is due at the latest. */
  private static final Duration NEXT_UPDATE = Duration.ofDays(365);

  RevocationList {
    revoked = Collections.unmodifiableSortedMap(new TreeMap<>(revoked));
  }

  static RevocationList empty() {
    return new RevocationList(BigInteger.ONE, new TreeMap<>());
  }

  /**
   * What a list says; its signature is not looked at. Lists that Keylime made have no number: they
   * come before our first.
   */
  static RevocationList of(X509CRL crl) {
    SortedMap<BigInteger, Instant> revoked = new TreeMap<>();
    if (crl.getRevokedCertificates() != null) {
      for (X509CRLEntry entry : crl.getRevokedCertificates()) {
        revoked.put(entry.getSerialNumber(), entry.getRevocationDate().toInstant());
      }
    }
    return new RevocationList(number(crl), revoked);
  }

  private static BigInteger number(X509CRL crl) {
    byte[] number = crl.getExtensionValue(Extension.cRLNumber.getId());
    return number == null
        ? BigInteger.ZERO
        : ASN1Integer.getInstance(ASN1OctetString.getInstance(number).getOctets())
            .getPositiveValue();
  }

  /** The next list, with one more certificate. */
  RevocationList and(BigInteger serial, Instant now) {
    SortedMap<BigInteger, Instant> more = new TreeMap<>(revoked);
    more.putIfAbsent(serial, now);
    return new RevocationList(number.add(BigInteger.ONE), more);
  }

  X509CRL sign(X509Certificate authority, PrivateKey key, Instant now) {
    X509v2CRLBuilder builder =
        new X509v2CRLBuilder(CertificateBuilder.subjectOf(authority), Date.from(now));
    builder.setNextUpdate(Date.from(now.plus(NEXT_UPDATE)));
    revoked.forEach(
        (serial, when) -> builder.addCRLEntry(serial, Date.from(when), CRLReason.unspecified));
    try {
      builder
          .addExtension(Extension.cRLNumber, false, new ASN1Integer(number))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              new BcX509ExtensionUtils()
                  .createAuthorityKeyIdentifier(
                      SubjectPublicKeyInfo.getInstance(authority.getPublicKey().getEncoded())));
      return Certificates.crlFromDer(builder.build(CertificateBuilder.signer(key)).getEncoded());
    } catch (IOException e) {
      throw new CredentialException("revocation list cannot be built", e);
    }
  }
}
