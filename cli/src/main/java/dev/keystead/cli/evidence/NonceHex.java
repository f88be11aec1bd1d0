package dev.keystead.cli.evidence;

import java.util.HexFormat;
import java.util.Optional;

/** Qualifying data as a person writes it. */
public final class NonceHex {
  private static final int MAX_NONCE = 64;

  private NonceHex() {}

  /** The bytes that {@code text} stands for; none when it is not hex of 1 to 64 bytes. */
  public static Optional<byte[]> parse(String text) {
    String hex = text.strip();
    try {
      return hex.isEmpty() || hex.length() > 2 * MAX_NONCE
          ? Optional.empty()
          : Optional.of(HexFormat.of().parseHex(hex));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
