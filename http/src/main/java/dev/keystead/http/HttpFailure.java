package dev.keystead.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An exchange that ended without a response. */
public final class HttpFailure extends IOException {
  /** Why. */
  public enum Reason {
    /** The host name has no address, or the address refused or could not be reached. */
    CONNECT_REFUSED,
    /** No connection, TLS included, within its time. */
    CONNECT_TIMEOUT,
    /** The TLS handshake failed, or the server refused the client's certificate. */
    TLS_FAILED,
    /** The server's certificate is not one that is trusted for this endpoint. */
    TLS_UNTRUSTED,
    /** No complete response within its time. */
    TIMEOUT,
    /** The response is larger than the limits. */
    TOO_LARGE,
    /** The response is not HTTP/1.x as it should be. */
    MALFORMED,
    /** The connection or the client was closed before the response was complete. */
    CLOSED,
    /** Too many exchanges wait for a connection to this endpoint. */
    BUSY
  }

  private final Reason reason;
  private final String detail;

  /** A failure; the detail says in words what was seen. */
  public HttpFailure(Reason reason, String detail, @Nullable Throwable cause) {
    super(detail, cause);
    this.reason = reason;
    this.detail = detail;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** What was seen, in words. */
  public String detail() {
    return detail;
  }
}
