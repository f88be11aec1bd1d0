package dev.keystead.http;

import java.util.concurrent.CompletionStage;

/** Answers requests without blocking. Called on an event loop: it must return at once. */
@FunctionalInterface
public interface AsyncHandler {
  /**
   * Answers one request, now or later; one call at a time for one connection. Failures count as in
   * {@link Handler#handle}.
   */
  CompletionStage<HttpResponse> handle(HttpRequest request);
}
