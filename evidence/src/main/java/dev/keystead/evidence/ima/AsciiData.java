package dev.keystead.evidence.ima;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes template data again from the text that the kernel prints for it. One for a whole list, so
 * that an entry allocates nothing but its data.
 */
final class AsciiData {
  private static final int LONGEST_LABEL = 64;
  private static final byte[] DIGITS = digits();

  private byte[] out = new byte[512];
  private int size;

  /**
   * The template data, or null when the text cannot be a print of such data. Fields are separated
   * by single spaces; one name may hold more.
   */
  byte @Nullable [] encode(ImaTemplate template, byte[] text, int from, int to) {
    int[] ends = split(template, text, from, to);
    if (ends == null) {
      return null;
    }
    size = 0;
    int start = from;
    for (int i = 0; i < ends.length; i++) {
      ImaField field = template.fields().get(i);
      if (!(template.isLegacy()
          ? legacy(field, text, start, ends[i])
          : field(field, text, start, ends[i]))) {
        return null;
      }
      start = ends[i] + 1;
    }
    return Arrays.copyOf(out, size);
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

  private boolean legacy(ImaField field, byte[] text, int from, int to) {
    if (field == ImaField.D) {
      int digest = (to - from) / 2;
      return (digest == 16 || digest == 20) && hasRoom(digest) && addHex(text, from, to);
    }
    if (to - from >= LittleEndian.LEGACY_NAME || !hasRoom(LittleEndian.LEGACY_NAME)) {
      return false;
    }
    int end = size + LittleEndian.LEGACY_NAME;
    add(text, from, to);
    Arrays.fill(out, size, end, (byte) 0);
    size = end;
    return true;
  }

  private boolean field(ImaField field, byte[] text, int from, int to) {
    return switch (field.kind()) {
      case BARE_DIGEST, HEX -> begin((to - from) / 2) && addHex(text, from, to);
      case DIGEST -> digest(text, from, to);
      case SHORT_NAME -> begin(to - from) && add(text, from, to);
      case NAME, TEXT -> begin(to - from + 1) && add(text, from, to) && add((byte) 0);
      case U32 -> number(text, from, to, 4);
      case U16 -> number(text, from, to, 2);
    };
  }

  private boolean digest(byte[] text, int from, int to) {
    if (from == to) {
      return begin(0);
    }
    int colon = to - 1;
    while (colon > from && text[colon] != ':') {
      colon--;
    }
    int label = colon + 1 - from;
    int value = (to - colon - 1) / 2;
    return colon > from
        && label <= LONGEST_LABEL
        && begin(label + 1 + value)
        && add(text, from, colon + 1)
        && add((byte) 0)
        && addHex(text, colon + 1, to);
  }

  private boolean number(byte[] text, int from, int to, int bytes) {
    String digits = new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    if (!digits.matches("0|[1-9][0-9]{0,9}")) {
      return false;
    }
    long value = Long.parseLong(digits);
    if (value >>> (8 * bytes) != 0) {
      return false;
    }
    byte[] number = new byte[4];
    LittleEndian.put(number, 0, (int) value);
    return begin(bytes) && add(number, 0, bytes);
  }

  /** Begins a field of so many bytes with their number; false when the data would be too large. */
  private boolean begin(int bytes) {
    if (!hasRoom(4 + bytes)) {
      return false;
    }
    LittleEndian.put(out, size, bytes);
    size += 4;
    return true;
  }

  private boolean hasRoom(int bytes) {
    if (bytes > ImaReader.LARGEST_DATA - size) {
      return false;
    }
    if (size + bytes > out.length) {
      out = Arrays.copyOf(out, Math.max(2 * out.length, size + bytes));
    }
    return true;
  }

  private boolean add(byte[] bytes, int from, int to) {
    System.arraycopy(bytes, from, out, size, to - from);
    size += to - from;
    return true;
  }

  private boolean add(byte b) {
    out[size++] = b;
    return true;
  }

  private boolean addHex(byte[] text, int from, int to) {
    int start = size;
    size += (to - from) / 2;
    return hex(text, from, to, out, start);
  }

  /** Decodes lower-case hex into an array that has room; false when the text is none. */
  static boolean hex(byte[] text, int from, int to, byte[] into, int at) {
    int count = (to - from) / 2;
    int seen = 0;
    for (int i = 0; i < count; i++) {
      int high = DIGITS[text[from + 2 * i] & 0xff];
      int low = DIGITS[text[from + 2 * i + 1] & 0xff];
      seen |= high | low;
      into[at + i] = (byte) (high << 4 | low);
    }
    return seen >= 0 && (to - from) % 2 == 0;
  }

  /** The value of each digit; -1 for what is none. */
  private static byte[] digits() {
    byte[] values = new byte[256];
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < 16; i++) {
      values["0123456789abcdef".charAt(i)] = (byte) i;
    }
    return values;
  }
}
