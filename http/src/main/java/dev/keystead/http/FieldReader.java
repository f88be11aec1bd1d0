package dev.keystead.http;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads header or trailer fields up to the empty line (RFC 9112 section 5), without folding. */
final class FieldReader {
  private final LineReader lines;
  private final int maxFields;
  private final List<Headers.Field> fields = new ArrayList<>();
  private int left;

  FieldReader(LineReader lines, int maxBytes, int maxFields) {
    this.lines = lines;
    this.left = maxBytes;
    this.maxFields = maxFields;
  }

  /** The fields, or null if more bytes are needed. */
  @Nullable Headers read(ByteBuf in) {
    while (true) {
      String line = lines.read(in, left, new HttpRefusal(431, "header fields are too large"));
      if (line == null) {
        return null;
      }
      if (line.isEmpty()) {
        return Headers.of(fields);
      }
      left -= line.length();
      if (fields.size() >= maxFields) {
        throw new HttpRefusal(431, "too many header fields");
      }
      fields.add(field(line));
    }
  }

  private static Headers.Field field(String line) {
    int colon = line.indexOf(':');
    // A folded line starts with a blank, and no token has one.
    if (colon < 0 || !Syntax.isToken(line.substring(0, colon))) {
      throw HttpRefusal.malformed("header field without a name");
    }
    int start = colon + 1;
    int end = line.length();
    while (start < end && Syntax.isBlank(line.charAt(start))) {
      start++;
    }
    while (end > start && Syntax.isBlank(line.charAt(end - 1))) {
      end--;
    }
    return new Headers.Field(line.substring(0, colon), line.substring(start, end));
  }
}
