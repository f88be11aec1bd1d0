package dev.keystead.keylime.revocation;

import dev.keystead.keylime.PemField;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.WireException.Reason;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;

/**
 * The owner's RSA key that signs revocations: RSA-PSS with SHA-256 and the longest salt that fits
 * (section 6). It never prints.
 */
public final class RevocationKey {
  private final String pem;
  private final PrivateKey key;

  private RevocationKey(String pem, PrivateKey key) {
    this.pem = pem;
    this.key = key;
  }

  /** Reads one PKCS#8 PEM block of an RSA key of 2048 to 4096 bits. */
  public static RevocationKey parse(String pem) {
    byte[] der = PemField.one(pem, "PRIVATE KEY", "revocation_key");
    try {
      PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
      if (!(key instanceof RSAKey rsa) || unfit(rsa)) {
        throw WireException.malformed("revocation_key", "is not an RSA key of 2048 to 4096 bits");
      }
      return new RevocationKey(pem, key);
    } catch (GeneralSecurityException e) {
      throw WireException.malformed("revocation_key", "is not an RSA key in PKCS#8");
    } finally {
      java.util.Arrays.fill(der, (byte) 0);
    }
  }

  static boolean unfit(RSAKey key) {
    int bits = key.getModulus().bitLength();
    return bits < 2048 || bits > 4096;
  }

  /** The PEM text: a secret. */
  public String pem() {
    return pem;
  }

  /** Signs the bytes of a message. */
  byte[] sign(byte[] message) {
    try {
      Signature signature = pss((RSAKey) key);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new WireException(Reason.NOT_AUTHENTIC, "revocation_key: cannot sign with this key", e);
    }
  }

  static Signature pss(RSAKey key) throws GeneralSecurityException {
    int encoded = (key.getModulus().bitLength() + 6) / 8;
    Signature signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(
        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, encoded - 32 - 2, 1));
    return signature;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RevocationKey that
        && java.security.MessageDigest.isEqual(key.getEncoded(), that.key.getEncoded());
  }

  @Override
  public int hashCode() {
    return RevocationKey.class.hashCode();
  }

  @Override
  public String toString() {
    return "RevocationKey";
  }
}
