package dev.keystead.http.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;

/** X.509 certificates and revocation lists between DER, PEM and Java. */
public final class Certificates {
  private static final String LABEL = "CERTIFICATE";

  private Certificates() {}

  /**
   * One certificate in DER.
   *
   * @throws CredentialException if it is malformed or bytes follow it
   */
  public static X509Certificate fromDer(byte[] der) {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      X509Certificate certificate =
          (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
      if (!Arrays.equals(der, certificate.getEncoded())) {
        throw new CredentialException("certificate has trailing bytes or is not DER");
      }
      return certificate;
    } catch (GeneralSecurityException e) {
      throw new CredentialException("certificate is malformed", e);
    }
  }

  /**
   * Every certificate of a PEM text that holds nothing else.
   *
   * @throws CredentialException if the text holds anything else, or none
   */
  public static List<X509Certificate> fromPem(String text) {
    return Pem.parse(text).stream().map(Certificates::certificate).toList();
  }

  /**
   * The one certificate of a PEM text.
   *
   * @throws CredentialException if the text holds anything else
   */
  public static X509Certificate oneFromPem(String text) {
    List<X509Certificate> certificates = fromPem(text);
    if (certificates.size() != 1) {
      throw new CredentialException("PEM text has more than one certificate");
    }
    return certificates.getFirst();
  }

  /** These certificates as PEM text. */
  public static String toPem(List<X509Certificate> certificates) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      text.append(Pem.encode(LABEL, der(certificate)));
    }
    return text.toString();
  }

  /** One certificate as PEM text. */
  public static String toPem(X509Certificate certificate) {
    return toPem(List.of(certificate));
  }

  /**
   * One revocation list in DER.
   *
   * @throws CredentialException if it is malformed or bytes follow it
   */
  public static X509CRL crlFromDer(byte[] der) {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      X509CRL crl = (X509CRL) factory.generateCRL(new ByteArrayInputStream(der));
      if (!Arrays.equals(der, crl.getEncoded())) {
        throw new CredentialException("revocation list has trailing bytes or is not DER");
      }
      return crl;
    } catch (GeneralSecurityException e) {
      throw new CredentialException("revocation list is malformed", e);
    }
  }

  /** Whether these bytes are one value in DER, in which a value has one form only (X.690). */
  public static boolean isStrictDer(byte[] bytes) {
    try {
      return Arrays.equals(bytes, ASN1Primitive.fromByteArray(bytes).getEncoded(ASN1Encoding.DER));
    } catch (IOException e) {
      return false;
    }
  }

  static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new CredentialException("certificate cannot be encoded", e);
    }
  }

  private static X509Certificate certificate(Pem.Block block) {
    if (!block.label().equals(LABEL)) {
      throw new CredentialException("PEM block is not a certificate but " + block.label());
    }
    return fromDer(block.der());
  }
}
