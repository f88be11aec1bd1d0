package dev.keystead.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * A request that a client sends. The client writes Host, Content-Length and Connection itself.
 *
 * @param method a token
 * @param target path and query as they go on the wire, percent-escapes already made
 * @param headers further header fields
 * @param body the content, empty if there is none
 * @param replayable whether it may be sent a second time when a kept connection turns out to be
 *     dead before a byte of the response came; true by itself for GET, HEAD, PUT and DELETE
 * @param deadline the whole time it may take; empty takes the client's own
 */
public record ClientRequest(
    String method,
    String target,
    Headers headers,
    byte[] body,
    boolean replayable,
    Optional<Duration> deadline) {
  /** Refuses a method that is not a token and a target that a server would not parse. */
  public ClientRequest {
    if (!Syntax.isToken(method)) {
      throw new IllegalArgumentException("method is not a token");
    }
    try {
      var _ = Target.parse(target);
    } catch (HttpRefusal e) {
      throw new IllegalArgumentException(e.reason(), e);
    }
    replayable =
        switch (method) {
          case "GET", "HEAD", "PUT", "DELETE", "OPTIONS" -> true;
          default -> replayable;
        };
  }

  /** A GET. */
  public static ClientRequest get(String target) {
    return of("GET", target);
  }

  /** A request without content. */
  public static ClientRequest of(String method, String target) {
    return new ClientRequest(method, target, Headers.none(), new byte[0], false, Optional.empty());
  }

  /** A request with content of a media type. */
  public static ClientRequest of(String method, String target, String contentType, byte[] body) {
    return new ClientRequest(
        method, target, Headers.of("Content-Type", contentType), body, false, Optional.empty());
  }

  /** A request with JSON text. */
  public static ClientRequest json(String method, String target, String json) {
    return of(method, target, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  /** This request with one more header field. */
  public ClientRequest with(String name, String value) {
    return new ClientRequest(method, target, headers.with(name, value), body, replayable, deadline);
  }

  /** This request with the whole time that it may take. */
  public ClientRequest within(Duration deadline) {
    return new ClientRequest(method, target, headers, body, replayable, Optional.of(deadline));
  }

  /** This request, which may be sent a second time: the server takes both for one. */
  public ClientRequest asReplayable() {
    return new ClientRequest(method, target, headers, body, true, deadline);
  }

  /** Whether a Content-Length is due although the body is empty (RFC 9110 section 8.6). */
  boolean hasContent() {
    return switch (method) {
      case "POST", "PUT", "PATCH" -> true;
      default -> false;
    };
  }
}
