package dev.keystead.tao;

import dev.keystead.claims.KeyPrincipal;
import dev.keystead.claims.cose.P256;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * PK0, the owner's public key: the one root of every host and program of a policy domain. It is an
 * ECDSA key on P-256, which a TPM can check too. Its digest is part of every measurement, of every
 * statement and of the keys that seal, so nothing of one domain means anything in another.
 */
public final class PolicyKey {
  /** Bytes of every DER SubjectPublicKeyInfo of an uncompressed P-256 point. */
  private static final int SPKI_SIZE = 91;

  /** The SubjectPublicKeyInfo up to and including the 04 that starts an uncompressed point. */
  private static final byte[] SPKI_START =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

  private final ECPublicKey key;
  private final KeyPrincipal principal;

  private PolicyKey(ECPublicKey key) {
    this.key = key;
    this.principal = KeyPrincipal.of(key);
  }

  /**
   * The policy key with this DER SubjectPublicKeyInfo.
   *
   * @throws IllegalArgumentException when it is not an ECDSA key on P-256 in its one encoding
   */
  public static PolicyKey of(byte[] spki) {
    if (spki.length != SPKI_SIZE
        || !Arrays.equals(spki, 0, SPKI_START.length, SPKI_START, 0, SPKI_START.length)) {
      throw new IllegalArgumentException("the policy key is not an ECDSA key on P-256");
    }
    try {
      ECPublicKey key =
          (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
      if (!P256.isPoint(key)) {
        throw new IllegalArgumentException("the policy key is not a point on P-256");
      }
      return new PolicyKey(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the policy key is no key: " + e.getMessage(), e);
    }
  }

  /** The key. */
  public ECPublicKey key() {
    return key;
  }

  /** Its DER SubjectPublicKeyInfo. */
  public byte[] spki() {
    return key.getEncoded();
  }

  /** SHA-256 of its SubjectPublicKeyInfo, 32 bytes. */
  public byte[] digest() {
    return principal.digest();
  }

  /** Its name. */
  public KeyPrincipal principal() {
    return principal;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PolicyKey that && principal.equals(that.principal);
  }

  @Override
  public int hashCode() {
    return principal.hashCode();
  }

  @Override
  public String toString() {
    return principal.text();
  }
}
