package dev.keystead.keylime;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * The nonce of a quote: 1 to 64 ASCII letters and digits. The TPM signs these characters
 * themselves.
 */
public record Nonce(String value) {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  /** Checks the alphabet and the length. */
  public Nonce {
    check(value, "nonce");
  }

  /** A fresh one of 20 characters (119 bits). */
  public static Nonce generate(SecureRandom random) {
    return new Nonce(text(random, 20));
  }

  /** {@code length} random characters A-Z, a-z, 0-9, each as likely as any other. */
  public static String text(SecureRandom random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  /** Requires 1 to 64 ASCII letters and digits; {@code field} is named in the exception. */
  public static void check(String value, String field) {
    if (value.isEmpty() || value.length() > 64) {
      throw WireException.malformed(field, "has " + value.length() + " characters, 1 to 64 can be");
    }
    for (int i = 0; i < value.length(); i++) {
      if (ALPHABET.indexOf(value.charAt(i)) < 0) {
        throw WireException.malformed(field, "is not only letters and digits");
      }
    }
  }

  /** What the quote's extraData must be. */
  public byte[] bytes() {
    return value.getBytes(StandardCharsets.US_ASCII);
  }
}
