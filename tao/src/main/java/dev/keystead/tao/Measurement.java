package dev.keystead.tao;

import dev.keystead.claims.Segment;
import dev.keystead.claims.Sha256;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** What a program is: a SHA-256 over its image and everything in its start that affects it. */
public final class Measurement {
  /** Bytes of a measurement. */
  public static final int SIZE = Sha256.SIZE;

  private final byte[] digest;

  private Measurement(byte[] digest) {
    if (digest.length != SIZE) {
      throw new IllegalArgumentException("a measurement has 32 bytes, not " + digest.length);
    }
    this.digest = digest;
  }

  /** Takes a copy of 32 bytes. */
  public static Measurement of(byte[] digest) {
    return new Measurement(digest.clone());
  }

  /** The measurement with these 64 lower-case hexadecimal digits. */
  public static Measurement parse(String hex) {
    return of(new Segment("hex", hex).digest());
  }

  /** A copy of the 32 bytes. */
  public byte[] bytes() {
    return digest.clone();
  }

  /** 64 lower-case hexadecimal digits. */
  public String hex() {
    return HexFormat.of().formatHex(digest);
  }

  /** A name's segment of this kind. */
  public Segment segment(String kind) {
    return Segment.of(kind, digest);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Measurement that && MessageDigest.isEqual(digest, that.digest);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digest);
  }

  @Override
  public String toString() {
    return hex();
  }
}
