package dev.keystead.http;

import java.nio.charset.StandardCharsets;

/**
 * A response. When a server sends one it writes Content-Length, Connection and Date itself: such
 * fields in {@code headers} are ignored, except that {@code Connection: close} closes.
 *
 * @param status 200 to 599
 * @param headers the header fields
 * @param body the content, empty if there is none
 */
public record HttpResponse(int status, Headers headers, byte[] body) {
  /** Refuses an interim status and a status out of range. */
  public HttpResponse {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status " + status);
    }
  }

  /** A response without content. */
  public static HttpResponse of(int status) {
    return new HttpResponse(status, Headers.none(), new byte[0]);
  }

  /** A response with content of a media type. */
  public static HttpResponse of(int status, String contentType, byte[] body) {
    return new HttpResponse(status, Headers.of("Content-Type", contentType), body);
  }

  /** A response with JSON text. */
  public static HttpResponse json(int status, String json) {
    return of(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  /** A response with plain text. */
  public static HttpResponse text(int status, String text) {
    return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** This response with one more header field. */
  public HttpResponse with(String name, String value) {
    return new HttpResponse(status, headers.with(name, value), body);
  }
}
