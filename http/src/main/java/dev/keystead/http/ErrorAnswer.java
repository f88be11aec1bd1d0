package dev.keystead.http;

/**
 * What a server answers when it refuses a request itself: malformed or too large messages, time
 * limits, {@link HttpRefusal} out of a handler, and failures of a handler.
 */
@FunctionalInterface
public interface ErrorAnswer {
  /**
   * The answer.
   *
   * @param status 400 to 599
   * @param reason one line for the client
   */
  HttpResponse answer(int status, String reason);

  /** The reason as plain text. */
  static ErrorAnswer text() {
    return (status, reason) -> HttpResponse.text(status, reason + "\n");
  }
}
