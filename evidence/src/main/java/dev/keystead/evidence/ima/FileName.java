package dev.keystead.evidence.ima;

import java.nio.charset.StandardCharsets;

/** Names of files are bytes; here they become text, each in its own way, and fit to print. */
final class FileName {
  private static final char REPLACED = '\uFFFD';
  private static final char ESCAPED = '\uDC00';

  private FileName() {}

  /**
   * UTF-8 as text. A byte that is not UTF-8 becomes the unpaired surrogate U+DC00 plus the byte, as
   * in Python: no two names become one text, and no policy can hold such a name.
   */
  static String decode(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    return text.indexOf(REPLACED) < 0 ? text : decodeEscaped(bytes, from, to);
  }

  private static String decodeEscaped(byte[] bytes, int from, int to) {
    StringBuilder text = new StringBuilder(to - from);
    int at = from;
    while (at < to) {
      int size = 1;
      String one = "";
      for (; size <= 4 && at + size <= to; size++) {
        one = new String(bytes, at, size, StandardCharsets.UTF_8);
        if (one.codePointCount(0, one.length()) == 1 && isWhole(one, bytes, at, size)) {
          break;
        }
        one = "";
      }
      if (one.isEmpty()) {
        text.append((char) (ESCAPED + (bytes[at++] & 0xff)));
      } else {
        text.append(one);
        at += size;
      }
    }
    return text.toString();
  }

  /** Whether the character is what the bytes say, not a mark put in place of them. */
  private static boolean isWhole(String one, byte[] bytes, int at, int size) {
    return one.charAt(0) != REPLACED
        || (size == 3
            && bytes[at] == (byte) 0xef
            && bytes[at + 1] == (byte) 0xbf
            && bytes[at + 2] == (byte) 0xbd);
  }

  /** The name with controls, unpaired surrogates and backslashes escaped, fit for a terminal. */
  static String printable(String name) {
    StringBuilder out = new StringBuilder(name.length());
    name.codePoints()
        .forEach(c -> {
          if (c >= ESCAPED && c <= ESCAPED + 0xff) {
            out.append("\\x%02x".formatted(c - ESCAPED));
          } else if (c == '\\') {
            out.append("\\\\");
          } else if (isHidden(c)) {
            out.append("\\u{%x}".formatted(c));
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.toString();
  }

  private static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED,
          Character.PRIVATE_USE ->
          true;
      default -> false;
    };
  }
}
