package dev.keystead.evidence.endorsement;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.der.DerReader;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;
import java.util.Optional;

/** An EK certificate as a machine sent it: well formed and for an EK, but not yet believed. */
public final class EkCertificate {
  private static final String TCG_KP_EK_CERTIFICATE = "2.23.133.8.1";
  private static final String RSAES_OAEP = "1.2.840.113549.1.1.7";
  private static final int BIT_STRING = 0x03;
  private static final int KEY_ENCIPHERMENT = 2;
  private static final int KEY_AGREEMENT = 4;
  private static final int KEY_CERT_SIGN = 5;

  private final X509Certificate certificate;
  private final PublicKey publicKey;
  private final Optional<TpmIdentity> tpm;

  private EkCertificate(X509Certificate certificate, PublicKey publicKey) {
    this.certificate = certificate;
    this.publicKey = publicKey;
    this.tpm = TpmIdentity.of(certificate);
  }

  /**
   * Parses one certificate, DER or PEM, and requires what the profile asks of an EK's: no CA, a key
   * use that fits, tcg-kp-EKCertificate if it states extended uses. Zeros or 0xff behind DER, as
   * from NV, are left out.
   *
   * @throws EvidenceException with MALFORMED or EK_UNTRUSTED
   */
  public static EkCertificate parse(byte[] bytes) {
    X509Certificate certificate = CertificateFile.single(bytes);
    EkCertificate ek = new EkCertificate(certificate, key(certificate));
    ek.requireProfile();
    return ek;
  }

  private void requireProfile() {
    if (certificate.getBasicConstraints() != -1) {
      throw untrusted("it is a CA's certificate");
    }
    try {
      List<String> uses = certificate.getExtendedKeyUsage();
      if (uses != null && !uses.contains(TCG_KP_EK_CERTIFICATE)) {
        throw untrusted("its extended key uses " + uses + " lack tcg-kp-EKCertificate");
      }
    } catch (CertificateParsingException e) {
      throw new EvidenceException(Code.MALFORMED, "EK certificate", "its extended key usage");
    }
    boolean[] use = certificate.getKeyUsage();
    int needed = publicKey instanceof ECPublicKey ? KEY_AGREEMENT : KEY_ENCIPHERMENT;
    if (use != null && (!use[needed] || use[KEY_CERT_SIGN])) {
      throw untrusted("its key usage is not that of an EK");
    }
  }

  /** Some makers give RSA keys the algorithm RSAES-OAEP, under which Java knows no key. */
  private static PublicKey key(X509Certificate certificate) {
    PublicKey key = certificate.getPublicKey();
    if (key instanceof RSAPublicKey || key instanceof ECPublicKey) {
      return key;
    }
    DerReader info =
        new DerReader(key.getEncoded(), "EK certificate's key").enter(DerReader.SEQUENCE);
    String algorithm = info.enter(DerReader.SEQUENCE).oid();
    byte[] bits = info.bytes(BIT_STRING);
    if (!algorithm.equals(RSAES_OAEP) || bits.length == 0 || bits[0] != 0) {
      throw untrusted("its key is of the algorithm " + algorithm);
    }
    byte[] inside = java.util.Arrays.copyOfRange(bits, 1, bits.length);
    DerReader numbers = new DerReader(inside, "EK certificate's key").enter(DerReader.SEQUENCE);
    BigInteger modulus = numbers.unsigned();
    BigInteger exponent = numbers.unsigned();
    numbers.end();
    try {
      return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    } catch (GeneralSecurityException e) {
      throw untrusted("its key is not usable: " + e.getMessage());
    }
  }

  private static EvidenceException untrusted(String detail) {
    return new EvidenceException(Code.EK_UNTRUSTED, "EK certificate", detail);
  }

  /** The certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** The key in it: RSA or ECC. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /** What it says about the TPM. */
  public Optional<TpmIdentity> tpm() {
    return tpm;
  }
}
