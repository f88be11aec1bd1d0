package dev.keystead.claims;

import java.security.PublicKey;

/**
 * A key, named by the SHA-256 of its SubjectPublicKeyInfo: {@code key(<64 hex digits>)}.
 *
 * @param segment the one segment that the name has
 */
public record KeyPrincipal(Segment segment) implements Principal {
  static final String KIND = "key";

  /** Requires the kind {@code key}. */
  public KeyPrincipal {
    if (!segment.kind().equals(KIND)) {
      throw new IllegalArgumentException("a key's name is key(...), not " + segment.text());
    }
  }

  /** The name of this key; throws {@link IllegalArgumentException} for keys without an encoding. */
  public static KeyPrincipal of(PublicKey key) {
    byte[] encoded = key.getEncoded();
    if (encoded == null) {
      throw new IllegalArgumentException("the key has no encoding");
    }
    return new KeyPrincipal(Segment.of(KIND, Sha256.of(encoded)));
  }

  /** The name of the key whose SubjectPublicKeyInfo has this SHA-256, 32 bytes. */
  public static KeyPrincipal ofDigest(byte[] digest) {
    return new KeyPrincipal(Segment.of(KIND, digest));
  }

  /** The key principal with this text form. */
  public static KeyPrincipal parse(String text) {
    return new KeyPrincipal(Segment.parse(text));
  }

  /** SHA-256 of the key's SubjectPublicKeyInfo, 32 bytes. */
  public byte[] digest() {
    return segment.digest();
  }

  @Override
  public String text() {
    return segment.text();
  }

  @Override
  public String toString() {
    return text();
  }
}
