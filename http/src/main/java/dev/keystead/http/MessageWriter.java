package dev.keystead.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

/** Writes messages with a Content-Length (RFC 9112). */
final class MessageWriter {
  private static final Set<String> OURS =
      Set.of("content-length", "transfer-encoding", "connection", "keep-alive", "date", "host");
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private MessageWriter() {}

  static ByteBuf response(
      ByteBufAllocator alloc, HttpResponse response, boolean close, boolean head, Instant now) {
    int status = response.status();
    byte[] body = response.body();
    boolean noContent = status == 204 || status == 304;
    StringBuilder text = new StringBuilder(256);
    text.append("HTTP/1.1 ").append(status).append(' ').append(Reason.of(status)).append("\r\n");
    text.append("Date: ").append(DATE.format(now)).append("\r\n");
    fields(text, response.headers());
    if (!noContent) {
      text.append("Content-Length: ").append(body.length).append("\r\n");
    }
    return message(alloc, text, close, noContent || head ? new byte[0] : body);
  }

  static ByteBuf request(ByteBufAllocator alloc, Endpoint endpoint, ClientRequest request) {
    byte[] body = request.body();
    StringBuilder text = new StringBuilder(256);
    text.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
    text.append("Host: ").append(endpoint.authority()).append("\r\n");
    fields(text, request.headers());
    if (body.length > 0 || request.hasContent()) {
      text.append("Content-Length: ").append(body.length).append("\r\n");
    }
    return message(alloc, text, false, body);
  }

  static ByteBuf interim(ByteBufAllocator alloc) {
    return ByteBufUtil.writeAscii(alloc, "HTTP/1.1 100 Continue\r\n\r\n");
  }

  private static void fields(StringBuilder text, Headers headers) {
    for (Headers.Field field : headers.fields()) {
      if (!OURS.contains(field.name().toLowerCase(Locale.ROOT))) {
        text.append(field.name()).append(": ").append(field.value()).append("\r\n");
      }
    }
  }

  private static ByteBuf message(
      ByteBufAllocator alloc, StringBuilder text, boolean close, byte[] body) {
    text.append(close ? "Connection: close\r\n\r\n" : "\r\n");
    ByteBuf out = alloc.buffer(text.length() + body.length);
    out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    return out.writeBytes(body);
  }
}
