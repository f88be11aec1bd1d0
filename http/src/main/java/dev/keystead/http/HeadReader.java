package dev.keystead.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Reads the head of one message: start line and header fields (RFC 9112 section 2.1). */
final class HeadReader {
  /** What a head may take. */
  record Limits(int startLine, int head, int headers) {}

  /** A head; the start line is not parsed yet. */
  record Head(String startLine, Headers headers) {}

  private final LineReader lines = new LineReader();
  private final Limits limits;
  private final HttpRefusal longStartLine;
  private boolean emptyLine;
  private @Nullable String startLine;
  private @Nullable FieldReader fields;

  HeadReader(Limits limits, HttpRefusal longStartLine) {
    this.limits = limits;
    this.longStartLine = longStartLine;
  }

  /** Whether no byte of this message has come yet. */
  boolean isEmpty() {
    return startLine == null && lines.isEmpty() && !emptyLine;
  }

  /** The head, or null if more bytes are needed. */
  @Nullable Head read(ByteBuf in) {
    while (startLine == null) {
      String line = lines.read(in, limits.startLine, longStartLine);
      if (line == null) {
        return null;
      }
      if (line.isEmpty() && !emptyLine) {
        // RFC 9112 section 2.2: one empty line before a message is passed over.
        emptyLine = true;
      } else {
        startLine = line;
      }
    }
    if (fields == null) {
      fields = new FieldReader(lines, limits.head - startLine.length(), limits.headers);
    }
    Headers headers = fields.read(in);
    return headers == null ? null : new Head(startLine, headers);
  }
}
