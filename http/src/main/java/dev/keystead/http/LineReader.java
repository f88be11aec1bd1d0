package dev.keystead.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines that end in CR LF out of whatever arrives. A CR or LF elsewhere, and every control
 * character but the tab, is refused when it is seen.
 */
final class LineReader {
  private static final int FIRST_ALLOCATION = 128;

  private byte[] line = new byte[FIRST_ALLOCATION];
  private int length;
  private boolean carriageReturn;

  /**
   * Takes bytes up to the end of the line.
   *
   * @param limit the longest line without its end
   * @return the line as ISO-8859-1 without its end, or null if more bytes are needed
   * @throws HttpRefusal 400 for a character that is not allowed, {@code tooLong} above the limit
   */
  @Nullable String read(ByteBuf in, int limit, HttpRefusal tooLong) {
    while (in.isReadable()) {
      byte b = in.readByte();
      if (carriageReturn) {
        if (b != '\n') {
          throw HttpRefusal.malformed("carriage return without line feed");
        }
        String text = new String(line, 0, length, StandardCharsets.ISO_8859_1);
        length = 0;
        carriageReturn = false;
        return text;
      }
      if (b == '\r') {
        carriageReturn = true;
      } else if ((b >= 0 && b < 0x20 && b != '\t') || b == 0x7f) {
        throw HttpRefusal.malformed("control character in the head");
      } else {
        append(b, limit, tooLong);
      }
    }
    return null;
  }

  /** Whether nothing of a line has been read. */
  boolean isEmpty() {
    return length == 0 && !carriageReturn;
  }

  private void append(byte b, int limit, HttpRefusal tooLong) {
    if (length >= limit) {
      throw tooLong;
    }
    if (length == line.length) {
      line = Arrays.copyOf(line, Math.min(2 * line.length, limit));
    }
    line[length++] = b;
  }
}
