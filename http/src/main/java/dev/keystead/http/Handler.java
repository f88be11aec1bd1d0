package dev.keystead.http;

/**
 * Answers requests. Called on a virtual thread, which it may block; one call at a time for one
 * connection, and at most {@link ServerLimits#requests} at a time for a server.
 */
@FunctionalInterface
public interface Handler {
  /**
   * Answers one request.
   *
   * @throws HttpRefusal answered with its status and reason by the server's {@link ErrorAnswer}
   * @throws Exception anything else is logged and answered with 500, without its message
   */
  HttpResponse handle(HttpRequest request) throws Exception;
}
