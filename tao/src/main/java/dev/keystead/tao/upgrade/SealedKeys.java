package dev.keystead.tao.upgrade;

import dev.keystead.tao.upgrade.HandOverException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.KEM;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Keys encrypted to a public key: the key encapsulation of RFC 9180 on X25519, and AES-256-GCM
 * under a key that HKDF with SHA-256 derives from the encapsulated secret. That key encrypts once,
 * so its nonce is zero. What it is about is associated data.
 *
 * @param encapsulation {@value #POINT_SIZE} bytes
 * @param ciphertext with its tag of {@value #TAG_SIZE} bytes
 */
record SealedKeys(byte[] encapsulation, byte[] ciphertext) {
  /** The curve, as the JCA names it. */
  static final String CURVE = "X25519";

  /** Bytes of an encapsulation. */
  static final int POINT_SIZE = 32;

  /** Bytes of a tag. */
  static final int TAG_SIZE = 16;

  private static final byte[] SALT = "keystead/hand-over/1".getBytes(StandardCharsets.US_ASCII);
  private static final AlgorithmParameterSpec ONCE =
      new GCMParameterSpec(TAG_SIZE * 8, new byte[12]);

  /** Encrypts to the X25519 key with this DER SubjectPublicKeyInfo. */
  static SealedKeys seal(byte[] spki, byte[] about, byte[] keys) throws HandOverException {
    try {
      PublicKey key = KeyFactory.getInstance(CURVE).generatePublic(new X509EncodedKeySpec(spki));
      if (!Arrays.equals(key.getEncoded(), spki)) {
        throw new HandOverException(Reason.MALFORMED, "a public key is not in its one encoding");
      }
      KEM.Encapsulated secret = KEM.getInstance("DHKEM").newEncapsulator(key).encapsulate();
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, secret.key(), about);
      return new SealedKeys(secret.encapsulation(), cipher.doFinal(keys));
    } catch (GeneralSecurityException | ProviderException e) {
      // The JDK reports a point of small order as a ProviderException.
      throw new HandOverException(Reason.MALFORMED, "what was attested is no X25519 key", e);
    }
  }

  /** Decrypts what was encrypted to this key about the same. */
  byte[] open(PrivateKey key, byte[] about) throws HandOverException {
    try {
      SecretKey secret = KEM.getInstance("DHKEM").newDecapsulator(key).decapsulate(encapsulation);
      return cipher(Cipher.DECRYPT_MODE, secret, about).doFinal(ciphertext);
    } catch (GeneralSecurityException e) {
      throw new HandOverException(Reason.NOT_FOR_US, "the keys are not encrypted to us", e);
    }
  }

  private static Cipher cipher(int mode, SecretKey secret, byte[] about)
      throws GeneralSecurityException {
    AlgorithmParameterSpec derivation =
        HKDFParameterSpec.ofExtract().addIKM(secret).addSalt(SALT).thenExpand(about, 32);
    SecretKey key = KDF.getInstance("HKDF-SHA256").deriveKey("AES", derivation);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, ONCE);
    cipher.updateAAD(about);
    return cipher;
  }
}
