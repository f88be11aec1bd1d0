package dev.keystead.evidence.json;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A value with its path, read as what it should be; every fault names the path.
 *
 * @param path such as {@code registration.ip} or {@code keys[3]}; empty for the outermost value
 * @param value the value
 */
public record Field(String path, Json value) {
  /** A string. */
  public String text() {
    if (value instanceof Json.Str string) {
      return string.value();
    }
    throw expected("a string");
  }

  /** A string of at most {@code max} UTF-16 units. */
  public String text(int max) {
    String text = text();
    if (text.length() > max) {
      throw fault("expected at most %d characters, found %d".formatted(max, text.length()));
    }
    return text;
  }

  /** An integer within bounds, both inclusive; written without fraction or exponent. */
  public int integer(int min, int max) {
    return (int) integer((long) min, (long) max);
  }

  /** An integer within bounds, both inclusive; written without fraction or exponent. */
  public long integer(long min, long max) {
    String range = "a number from %d to %d".formatted(min, max);
    if (!(value instanceof Json.Num number)) {
      throw expected(range);
    }
    if (!number.isLong() || number.longValue() < min || number.longValue() > max) {
      throw fault("expected " + range + ", found another number");
    }
    return number.longValue();
  }

  /** True or false. */
  public boolean bool() {
    if (value instanceof Json.Bool bool) {
      return bool.value();
    }
    throw expected("true or false");
  }

  /** An object. */
  public Json.Obj object() {
    if (value instanceof Json.Obj object) {
      return object;
    }
    throw expected("an object");
  }

  /** An object's members. */
  public Fields fields() {
    return object().fields(path);
  }

  /** An array of at most {@code max} items, each with its path. */
  public List<Field> list(int max) {
    if (!(value instanceof Json.Arr array)) {
      throw expected("an array");
    }
    List<Json> items = array.items();
    if (items.size() > max) {
      throw fault("expected at most %d items, found %d".formatted(max, items.size()));
    }
    List<Field> fields = new ArrayList<>(items.size());
    for (Json item : items) {
      fields.add(new Field(path + "[" + fields.size() + "]", item));
    }
    return fields;
  }

  /** At most {@code max} bytes in standard base64 with padding, in its one canonical form. */
  public byte[] bytes64(int max) {
    String text = text();
    if (text.length() > 4L * ((max + 2L) / 3)) {
      throw fault("expected at most %d bytes in base64".formatted(max));
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw fault("expected base64");
    }
    if (bytes.length > max) {
      throw fault("expected at most %d bytes in base64".formatted(max));
    }
    if (!isCanonical(bytes, text)) {
      throw fault("expected base64 in canonical form");
    }
    return bytes;
  }

  /** Missing padding, or unused bits that are set, show only in the last group. */
  private static boolean isCanonical(byte[] bytes, String text) {
    if (text.length() % 4 != 0) {
      return false;
    }
    int tail = bytes.length % 3;
    if (tail == 0) {
      return true;
    }
    byte[] last = new byte[tail];
    System.arraycopy(bytes, bytes.length - tail, last, 0, tail);
    return text.endsWith(Base64.getEncoder().encodeToString(last));
  }

  /** At most {@code max} bytes in hex of either case. */
  public byte[] hex(int max) {
    String text = text();
    if (text.length() > 2L * max) {
      throw fault("expected at most %d bytes in hex".formatted(max));
    }
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      throw fault("expected hex");
    }
  }

  /** A fault of this value: the path and {@code what}. */
  public JsonException fault(String what) {
    return new JsonException(path.isEmpty() ? what : path + ": " + what);
  }

  private JsonException expected(String what) {
    return fault("expected " + what + ", found " + value.kind());
  }
}
