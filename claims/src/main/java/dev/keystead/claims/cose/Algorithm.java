package dev.keystead.claims.cose;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;

/** The signature algorithms that software keys use (RFC 9053, 2). */
public enum Algorithm {
  /** ECDSA on P-256 with SHA-256; the signature is r and s, 32 bytes each, s in its lower half. */
  ES256(-7, "SHA256withECDSAinP1363Format"),
  /** Ed25519. */
  EDDSA(-8, "Ed25519");

  /** Bytes of a signature of either. */
  static final int SIGNATURE_SIZE = 64;

  private final long id;
  private final String javaName;

  Algorithm(long id, String javaName) {
    this.id = id;
    this.javaName = javaName;
  }

  /** The number in the COSE registry. */
  public long id() {
    return id;
  }

  String javaName() {
    return javaName;
  }

  /**
   * The one algorithm that this key signs in.
   *
   * @throws IllegalArgumentException when the key is neither on P-256 nor Ed25519
   */
  public static Algorithm of(PublicKey key) {
    if (key instanceof ECPublicKey ec && P256.isPoint(ec)) {
      return ES256;
    }
    if (key instanceof EdECPublicKey ed
        && ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
      return EDDSA;
    }
    throw new IllegalArgumentException("the key is neither on P-256 nor Ed25519");
  }
}
