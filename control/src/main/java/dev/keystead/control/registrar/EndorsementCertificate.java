package dev.keystead.control.registrar;

import java.io.ByteArrayInputStream;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/** The key that an EK certificate is about. The path to its maker is for the owner to check. */
final class EndorsementCertificate {
  private EndorsementCertificate() {}

  static PublicKey key(byte[] der) {
    ByteArrayInputStream in = new ByteArrayInputStream(der);
    try {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      PublicKey key = certificate.getPublicKey();
      if (in.available() == 0 && (key instanceof RSAPublicKey || key instanceof ECPublicKey)) {
        return key;
      }
    } catch (CertificateException e) {
      throw Identity.mismatch("its certificate cannot be read");
    }
    throw Identity.mismatch("its certificate is not one of an RSA or EC key");
  }
}
