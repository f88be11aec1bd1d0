package dev.keystead.http;

/** The character sets of HTTP/1.1 (RFC 9110 section 5.6.2 and 5.5) and of URIs (RFC 3986). */
final class Syntax {
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
  private static final String PCHAR_MARKS = "-._~!$&'()*+,;=:@";

  private Syntax() {}

  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isAlphanumeric(c) && TOKEN_MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  static boolean isFieldValue(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < 0x20 && c != '\t') || c == 0x7f || c > 0xff) {
        return false;
      }
    }
    return text.isEmpty() || !(isBlank(text.charAt(0)) || isBlank(text.charAt(text.length() - 1)));
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  static boolean isPchar(char c) {
    return isAlphanumeric(c) || PCHAR_MARKS.indexOf(c) >= 0;
  }

  static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The value of an ASCII hexadecimal digit, or -1. */
  static int hex(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
