package dev.keystead.tao;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * An opaque name for one running hosted program, good only with the host that gave it out and only
 * for whom it was given to.
 *
 * @param hex 128 random bits as 32 lower-case hexadecimal digits
 */
public record Handle(String hex) {
  private static final int SIZE = 16;

  /** Requires 32 lower-case hexadecimal digits. */
  public Handle {
    if (!hex.matches("[0-9a-f]{32}")) {
      throw new IllegalArgumentException("a handle is 32 hexadecimal digits, lower case");
    }
  }

  /** A handle that nobody has had before. */
  public static Handle fresh(SecureRandom random) {
    byte[] bits = new byte[SIZE];
    random.nextBytes(bits);
    return new Handle(HexFormat.of().formatHex(bits));
  }

  @Override
  public String toString() {
    return hex;
  }
}
