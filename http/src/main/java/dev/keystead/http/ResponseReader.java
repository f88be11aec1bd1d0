package dev.keystead.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Reads one response, interim responses before it included. */
final class ResponseReader {
  private static final int MAX_INTERIM = 8;

  private final String method;
  private final ClientLimits limits;
  private final HeadReader.Limits headLimits;
  private HeadReader headReader;
  private @Nullable ResponseHead head;
  private @Nullable BodyReader body;
  private boolean begun;
  private int interim;

  ResponseReader(String method, ClientLimits limits) {
    this.method = method;
    this.limits = limits;
    headLimits = new HeadReader.Limits(limits.head(), limits.head(), limits.headers());
    headReader = newHeadReader();
  }

  /** Whether any byte has come. */
  boolean begun() {
    return begun;
  }

  /** Whether the final head is complete. */
  boolean hasHead() {
    return head != null;
  }

  /** Whether the connection can carry another exchange after this response. */
  boolean keepAlive() {
    return head != null
        && head.keepAlive()
        && !(head.framing(method).orElse(null) instanceof Framing.UntilClose);
  }

  /**
   * The response, or null if more bytes are needed.
   *
   * @throws HttpRefusal 413 or 431 above the limits, 400 if it is malformed
   */
  @Nullable HttpResponse read(ByteBuf in) {
    begun = true;
    while (head == null) {
      HeadReader.Head raw = headReader.read(in);
      if (raw == null) {
        return null;
      }
      ResponseHead next = ResponseHead.parse(raw);
      if (!next.isInterim()) {
        head = next;
      } else if (++interim > MAX_INTERIM) {
        throw HttpRefusal.malformed("too many interim responses");
      }
      headReader = newHeadReader();
    }
    if (body == null) {
      Framing framing = head.framing(method).orElseGet(() -> new Framing.Sized(0));
      body = new BodyReader(framing, limits.body(), headLimits);
    }
    byte[] content = body.read(in);
    return content == null ? null : new HttpResponse(head.status(), head.headers(), content);
  }

  /** The connection has ended: the response if that is how it ends, otherwise null. */
  @Nullable HttpResponse end() {
    if (head == null || body == null) {
      return null;
    }
    byte[] content = body.end();
    return content == null ? null : new HttpResponse(head.status(), head.headers(), content);
  }

  private HeadReader newHeadReader() {
    return new HeadReader(headLimits, new HttpRefusal(431, "status line is too long"));
  }
}
