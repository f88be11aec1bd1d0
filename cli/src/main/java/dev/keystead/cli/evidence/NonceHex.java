package dev.keystead.cli.evidence;

import dev.keystead.cli.CommandException;
import java.util.HexFormat;

/** Qualifying data as a person writes it. */
public final class NonceHex {
  private NonceHex() {}

  /**
   * The bytes that {@code hex} stands for.
   *
   * @throws CommandException usage, when it is not hex of 1 to 64 bytes
   */
  public static byte[] parse(String hex) {
    try {
      byte[] bytes = HexFormat.of().parseHex(hex.strip());
      if (bytes.length >= 1 && bytes.length <= 64) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      throw refused();
    }
    throw refused();
  }

  private static CommandException refused() {
    return CommandException.usage("the nonce is not hex of 1 to 64 bytes");
  }
}
