package dev.keystead.http;

/**
 * A message that is refused, with the status code that says so (RFC 9110 section 15) and a reason
 * fit to be read by the sender. Parsers throw it; a {@link Handler} may throw it too and the server
 * answers with its {@link ErrorAnswer}.
 */
public final class HttpRefusal extends RuntimeException {
  private final int status;

  /**
   * Refuses.
   *
   * @param status 400 to 599
   * @param reason one line for the sender; must not repeat what the sender sent
   */
  public HttpRefusal(int status, String reason) {
    super(reason, null, false, false);
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status " + status);
    }
    this.status = status;
  }

  /** A malformed message: 400. */
  public static HttpRefusal malformed(String reason) {
    return new HttpRefusal(400, reason);
  }

  /** The status code, 400 to 599. */
  public int status() {
    return status;
  }

  /** The reason, one line. */
  public String reason() {
    String reason = getMessage();
    return reason == null ? "" : reason;
  }
}
