package dev.keystead.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one body. Memory grows with the bytes that arrive, never with the length that is announced.
 */
final class BodyReader {
  private static final int CHUNK_LINE = 256;
  private static final int FIRST_ALLOCATION = 4096;

  private enum Step {
    DATA,
    CHUNK_SIZE,
    CHUNK_END,
    TRAILERS,
    DONE
  }

  private final Framing framing;
  private final int limit;
  private final LineReader lines = new LineReader();
  private final FieldReader trailers;
  private byte[] body = new byte[0];
  private int length;
  private long left;
  private Step step;

  /**
   * Starts.
   *
   * @throws HttpRefusal 413 if the announced length is above the limit
   */
  BodyReader(Framing framing, int limit, HeadReader.Limits head) {
    this.framing = framing;
    this.limit = limit;
    this.trailers = new FieldReader(lines, head.head(), head.headers());
    step = framing instanceof Framing.Chunked ? Step.CHUNK_SIZE : Step.DATA;
    left = framing instanceof Framing.Sized(long bytes) ? bytes : Long.MAX_VALUE / 2;
    if (framing instanceof Framing.Sized && left > limit) {
      throw tooLarge();
    }
    if (left == 0) {
      step = Step.DONE;
    }
  }

  /** Whether nothing remains to be read. */
  boolean isDone() {
    return step == Step.DONE;
  }

  /**
   * The body, or null if more bytes are needed.
   *
   * @throws HttpRefusal 413 above the limit, 400 for malformed chunks, 431 for large trailers
   */
  byte @Nullable [] read(ByteBuf in) {
    while (step != Step.DONE) {
      boolean progress =
          switch (step) {
            case DATA -> data(in);
            case CHUNK_SIZE -> chunkSize(in);
            case CHUNK_END -> chunkEnd(in);
            case TRAILERS -> trailers(in);
            case DONE -> true;
          };
      if (!progress) {
        return null;
      }
    }
    return body();
  }

  /** The connection has ended: the body if that is how it ends, otherwise null. */
  byte @Nullable [] end() {
    return framing instanceof Framing.UntilClose ? body() : null;
  }

  private byte[] body() {
    return length == body.length ? body : Arrays.copyOf(body, length);
  }

  private boolean data(ByteBuf in) {
    int size = (int) Math.min(left, in.readableBytes());
    if (size > limit - length) {
      throw tooLarge();
    }
    if (length + size > body.length) {
      long wanted = Math.max(Math.max(2L * body.length, FIRST_ALLOCATION), length + (long) size);
      body = Arrays.copyOf(body, (int) Math.min(wanted, Math.min(limit, length + left)));
    }
    in.readBytes(body, length, size);
    length += size;
    if (framing instanceof Framing.UntilClose) {
      return false;
    }
    left -= size;
    if (left > 0) {
      return false;
    }
    step = framing instanceof Framing.Chunked ? Step.CHUNK_END : Step.DONE;
    return true;
  }

  private boolean chunkSize(ByteBuf in) {
    String line = lines.read(in, CHUNK_LINE, HttpRefusal.malformed("chunk line is too long"));
    if (line == null) {
      return false;
    }
    int digits = 0;
    long size = 0;
    while (digits < line.length() && Syntax.hex(line.charAt(digits)) >= 0) {
      size = size << 4 | Syntax.hex(line.charAt(digits++));
      if (digits > 8) {
        throw HttpRefusal.malformed("chunk size is too long");
      }
    }
    if (digits == 0 || (digits < line.length() && line.charAt(digits) != ';')) {
      throw HttpRefusal.malformed("chunk size is not a number");
    }
    if (size > limit - length) {
      throw tooLarge();
    }
    left = size;
    step = size == 0 ? Step.TRAILERS : Step.DATA;
    return true;
  }

  private boolean chunkEnd(ByteBuf in) {
    String line = lines.read(in, 0, HttpRefusal.malformed("chunk is longer than its size"));
    if (line == null) {
      return false;
    }
    step = Step.CHUNK_SIZE;
    return true;
  }

  private boolean trailers(ByteBuf in) {
    if (trailers.read(in) == null) {
      return false;
    }
    step = Step.DONE;
    return true;
  }

  private static HttpRefusal tooLarge() {
    return new HttpRefusal(413, "body is too large");
  }
}
