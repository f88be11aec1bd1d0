package dev.keystead.claims;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which names everything here. */
public final class Sha256 {
  /** Bytes of a digest. */
  public static final int SIZE = 32;

  private Sha256() {}

  /** The digest of the concatenation of {@code parts}. */
  public static byte[] of(byte[]... parts) {
    MessageDigest digest = digest();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  /** A fresh digest, for what is read in pieces. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
