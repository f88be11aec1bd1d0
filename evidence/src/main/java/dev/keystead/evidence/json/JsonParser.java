package dev.keystead.evidence.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recursive descent over UTF-8 bytes; the depth limit bounds the recursion. */
final class JsonParser {
  private static final Json.Bool TRUE = new Json.Bool(true);
  private static final Json.Bool FALSE = new Json.Bool(false);

  private final byte[] in;
  private final Limits limits;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private int at;
  private int values;

  JsonParser(byte[] in, Limits limits) {
    if (in.length > limits.bytes()) {
      throw new JsonException("more than %d bytes".formatted(limits.bytes()));
    }
    this.in = in;
    this.limits = limits;
  }

  Json parse() {
    Json value = value(1);
    skipSpace();
    if (at != in.length) {
      throw fault("more text after the value");
    }
    return value;
  }

  private Json value(int depth) {
    if (++values > limits.values()) {
      throw fault("more than %d values".formatted(limits.values()));
    }
    skipSpace();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new Json.Str(string());
      case 't' -> word("true", TRUE);
      case 'f' -> word("false", FALSE);
      case 'n' -> word("null", new Json.Null());
      default -> number();
    };
  }

  private Json object(int depth) {
    enter(depth);
    Map<String, Json> members = new LinkedHashMap<>();
    if (!closes('}')) {
      do {
        skipSpace();
        int start = at;
        String name = string();
        skipSpace();
        expect(':');
        if (members.putIfAbsent(name, value(depth + 1)) != null) {
          at = start;
          throw fault("the same name twice in one object");
        }
      } while (more('}'));
    }
    return new Json.Obj(members);
  }

  private Json array(int depth) {
    enter(depth);
    List<Json> items = new ArrayList<>(4);
    if (!closes(']')) {
      do {
        items.add(value(depth + 1));
      } while (more(']'));
    }
    return new Json.Arr(items);
  }

  private void enter(int depth) {
    if (depth > limits.depth()) {
      throw fault("deeper than %d".formatted(limits.depth()));
    }
    at++;
  }

  private boolean closes(char end) {
    skipSpace();
    if (peek() == end) {
      at++;
      return true;
    }
    return false;
  }

  private boolean more(char end) {
    if (closes(end)) {
      return false;
    }
    expect(',');
    return true;
  }

  private <T extends Json> T word(String word, T value) {
    for (int i = 0; i < word.length(); i++) {
      expect(word.charAt(i));
    }
    return value;
  }

  private Json number() {
    int start = at;
    while (at < in.length && isNumberPart(in[at])) {
      if (++at - start > limits.numberLength()) {
        throw fault("a number of more than %d characters".formatted(limits.numberLength()));
      }
    }
    String text = new String(in, start, at - start, StandardCharsets.ISO_8859_1);
    if (!isNumber(text)) {
      at = start;
      throw fault("expected a value");
    }
    return new Json.Num(text);
  }

  private static boolean isNumberPart(byte b) {
    return (b >= '0' && b <= '9') || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
  }

  /** Whether the text is a number by RFC 8259 section 6. */
  static boolean isNumber(String text) {
    int i = text.startsWith("-") ? 1 : 0;
    int whole = digits(text, i);
    if (whole == i || (whole > i + 1 && text.charAt(i) == '0')) {
      return false;
    }
    i = whole;
    if (i < text.length() && text.charAt(i) == '.') {
      int fraction = digits(text, i + 1);
      if (fraction == i + 1) {
        return false;
      }
      i = fraction;
    }
    if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      i++;
      if (i < text.length() && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
        i++;
      }
      int exponent = digits(text, i);
      if (exponent == i) {
        return false;
      }
      i = exponent;
    }
    return i == text.length();
  }

  private static int digits(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  private String string() {
    expect('"');
    int start = at;
    boolean plain = true;
    while (true) {
      int c = peek();
      if (c == '"') {
        break;
      }
      if (c < 0x20) {
        throw fault("a control character in a string");
      }
      if (at - start >= limits.stringBytes()) {
        throw fault("a string of more than %d bytes".formatted(limits.stringBytes()));
      }
      plain &= c < 0x80 && c != '\\';
      at += c == '\\' ? 2 : 1;
    }
    int end = at++;
    return plain
        ? new String(in, start, end - start, StandardCharsets.ISO_8859_1)
        : decode(start, end);
  }

  private String decode(int start, int end) {
    StringBuilder out = new StringBuilder(end - start);
    int i = start;
    while (i < end) {
      int run = i;
      while (run < end && in[run] != '\\') {
        run++;
      }
      utf8(out, i, run);
      i = run == end ? end : escape(out, run + 1, end);
    }
    return out.toString();
  }

  private void utf8(StringBuilder out, int start, int end) {
    try {
      out.append(utf8.decode(ByteBuffer.wrap(in, start, end - start)));
    } catch (CharacterCodingException e) {
      at = start;
      throw fault("not UTF-8");
    }
  }

  /** Decodes the escape whose letter is at {@code i}; returns where it ends. */
  private int escape(StringBuilder out, int i, int end) {
    switch (in[i]) {
      case '"', '\\', '/' -> out.append((char) in[i]);
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'u' -> {
        return unicode(out, i + 1, end);
      }
      default -> {
        at = i;
        throw fault("an unknown escape");
      }
    }
    return i + 1;
  }

  private int unicode(StringBuilder out, int i, int end) {
    char first = unit(i, end);
    if (!Character.isSurrogate(first)) {
      out.append(first);
      return i + 4;
    }
    if (Character.isHighSurrogate(first) && i + 6 <= end && in[i + 4] == '\\' && in[i + 5] == 'u') {
      char second = unit(i + 6, end);
      if (Character.isLowSurrogate(second)) {
        out.append(first).append(second);
        return i + 10;
      }
    }
    at = i;
    throw fault("an unpaired surrogate");
  }

  private char unit(int i, int end) {
    int unit = 0;
    for (int k = i; k < i + 4; k++) {
      if (k >= end || !HexFormat.isHexDigit(in[k])) {
        at = i;
        throw fault("an escape without four hex digits");
      }
      unit = unit << 4 | HexFormat.fromHexDigit(in[k]);
    }
    return (char) unit;
  }

  private void skipSpace() {
    while (at < in.length
        && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
      at++;
    }
  }

  private int peek() {
    if (at >= in.length) {
      throw fault("the text ends early");
    }
    return in[at] & 0xff;
  }

  private void expect(char c) {
    if (peek() != c) {
      throw fault("expected '%c'".formatted(c));
    }
    at++;
  }

  private JsonException fault(String what) {
    return new JsonException("offset %d: %s".formatted(Math.min(at, in.length), what));
  }
}
