package dev.keystead.evidence.ima;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Makes template data again from the text that the kernel prints for it. */
final class AsciiData {
  private static final int LONGEST_LABEL = 64;

  private final byte[] text;
  private byte[] out = new byte[512];
  private int size;

  private AsciiData(byte[] text) {
    this.text = text;
  }

  /**
   * The template data, or null when the text cannot be a print of such data. Fields are separated
   * by single spaces; one name may hold more.
   */
  static byte @Nullable [] encode(ImaTemplate template, byte[] text, int from, int to) {
    int[] ends = split(template, text, from, to);
    if (ends == null) {
      return null;
    }
    AsciiData data = new AsciiData(text);
    int start = from;
    for (int i = 0; i < ends.length; i++) {
      ImaField field = template.fields().get(i);
      if (!(template.isLegacy()
          ? data.legacy(field, start, ends[i])
          : data.field(field, start, ends[i]))) {
        return null;
      }
      start = ends[i] + 1;
    }
    return Arrays.copyOf(data.out, data.size);
  }

  /** Where each field ends. Spaces beyond those between fields belong to the name. */
  private static int @Nullable [] split(ImaTemplate template, byte[] text, int from, int to) {
    int count = template.fields().size();
    int name = 0;
    while (name < count && !template.fields().get(name).isName()) {
      name++;
    }
    int[] ends = new int[count];
    int start = from;
    for (int i = 0; i < name; i++) {
      int end = start;
      while (end < to && text[end] != ' ') {
        end++;
      }
      if (end == to && i != count - 1) {
        return null;
      }
      ends[i] = end;
      start = end + 1;
    }
    int end = to;
    for (int i = count - 1; i > name; i--) {
      ends[i] = end;
      while (end > start && text[end - 1] != ' ') {
        end--;
      }
      if (--end < start) {
        return null;
      }
    }
    if (name < count) {
      ends[name] = end;
    }
    return ends[count - 1] == to ? ends : null;
  }

  private boolean legacy(ImaField field, int from, int to) {
    if (field == ImaField.D) {
      byte[] digest = hex(text, from, to);
      return digest != null && (digest.length == 16 || digest.length == 20) && add(digest);
    }
    byte[] padded = new byte[LittleEndian.LEGACY_NAME];
    if (to - from >= padded.length) {
      return false;
    }
    System.arraycopy(text, from, padded, 0, to - from);
    return add(padded);
  }

  private boolean field(ImaField field, int from, int to) {
    return switch (field.kind()) {
      case BARE_DIGEST, HEX -> sized(hex(text, from, to));
      case DIGEST -> sized(digest(from, to));
      case SHORT_NAME -> sized(Arrays.copyOfRange(text, from, to));
      case NAME, TEXT -> sized(Arrays.copyOfRange(text, from, to + 1), to - from);
      case U32 -> sized(number(from, to, 4));
      case U16 -> sized(number(from, to, 2));
    };
  }

  private boolean sized(byte @Nullable [] bytes) {
    if (bytes == null) {
      return false;
    }
    byte[] length = new byte[4];
    LittleEndian.put(length, 0, bytes.length);
    return add(length) && add(bytes);
  }

  /** A string whose last byte becomes the zero that ends it. */
  private boolean sized(byte[] string, int last) {
    string[last] = 0;
    return sized(string);
  }

  private byte @Nullable [] digest(int from, int to) {
    if (from == to) {
      return new byte[0];
    }
    int colon = to - 1;
    while (colon > from && text[colon] != ':') {
      colon--;
    }
    byte[] value = hex(text, colon + 1, to);
    int label = colon + 1 - from;
    if (colon == from || label > LONGEST_LABEL || value == null) {
      return null;
    }
    byte[] digest = new byte[label + 1 + value.length];
    System.arraycopy(text, from, digest, 0, label);
    System.arraycopy(value, 0, digest, label + 1, value.length);
    return digest;
  }

  private byte @Nullable [] number(int from, int to, int bytes) {
    String digits = new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    if (!digits.matches("0|[1-9][0-9]{0,9}")) {
      return null;
    }
    long value = Long.parseLong(digits);
    if (value >>> (8 * bytes) != 0) {
      return null;
    }
    byte[] number = new byte[4];
    LittleEndian.put(number, 0, (int) value);
    return Arrays.copyOf(number, bytes);
  }

  private boolean add(byte[] bytes) {
    if (bytes.length > ImaReader.LARGEST_DATA - size) {
      return false;
    }
    if (size + bytes.length > out.length) {
      out = Arrays.copyOf(out, Math.max(2 * out.length, size + bytes.length));
    }
    System.arraycopy(bytes, 0, out, size, bytes.length);
    size += bytes.length;
    return true;
  }

  /** Lower-case hex, or null. */
  static byte @Nullable [] hex(byte[] text, int from, int to) {
    if ((to - from) % 2 != 0) {
      return null;
    }
    byte[] bytes = new byte[(to - from) / 2];
    for (int i = 0; i < bytes.length; i++) {
      int high = digit(text[from + 2 * i]);
      int low = digit(text[from + 2 * i + 1]);
      if (high < 0 || low < 0) {
        return null;
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    return bytes;
  }

  private static int digit(byte b) {
    return HexFormat.isHexDigit(b) && !(b >= 'A' && b <= 'F') ? HexFormat.fromHexDigit(b) : -1;
  }
}
