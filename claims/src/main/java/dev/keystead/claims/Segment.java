package dev.keystead.claims;

import java.util.HexFormat;

/**
 * One segment of a principal's name, {@code kind(digest)}.
 *
 * @param kind 1 to 16 lower-case letters
 * @param hex the SHA-256 that identifies it, 64 lower-case hexadecimal digits
 */
public record Segment(String kind, String hex) {
  private static final int MAX_KIND = 16;

  /** Checks both parts. */
  public Segment {
    if (kind.isEmpty() || kind.length() > MAX_KIND || !kind.chars().allMatch(Segment::isLetter)) {
      throw new IllegalArgumentException("a segment's kind is 1 to 16 letters a to z");
    }
    if (hex.length() != 2 * Sha256.SIZE || !hex.chars().allMatch(Segment::isHexDigit)) {
      throw new IllegalArgumentException("a segment's digest is 64 hexadecimal digits, lower case");
    }
  }

  /** The segment of this kind with a digest of 32 bytes. */
  public static Segment of(String kind, byte[] digest) {
    return new Segment(kind, HexFormat.of().formatHex(digest));
  }

  /** The segment with exactly this text form. */
  public static Segment parse(String text) {
    int open = text.indexOf('(');
    if (open < 0 || !text.endsWith(")")) {
      throw new IllegalArgumentException("a segment is written kind(digest)");
    }
    return new Segment(text.substring(0, open), text.substring(open + 1, text.length() - 1));
  }

  /** The digest, 32 bytes. */
  public byte[] digest() {
    return HexFormat.of().parseHex(hex);
  }

  /** {@code kind(digest)}. */
  public String text() {
    return kind + "(" + hex + ")";
  }

  @Override
  public String toString() {
    return text();
  }

  private static boolean isLetter(int c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isHexDigit(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }
}
