package dev.keystead.http;

import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/** Calls handlers and turns their failures into answers. */
final class Dispatch {
  private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());

  private final AsyncHandler handler;
  private final ErrorAnswer errors;

  private Dispatch(AsyncHandler handler, ErrorAnswer errors) {
    this.handler = handler;
    this.errors = errors;
  }

  static Dispatch async(AsyncHandler handler, ErrorAnswer errors) {
    return new Dispatch(handler, errors);
  }

  /** Each call on a virtual thread of its own, a bounded number at a time. */
  static Dispatch blocking(Handler handler, int requests, ErrorAnswer errors) {
    Semaphore free = new Semaphore(requests, true);
    return new Dispatch(request -> onVirtualThread(handler, free, request), errors);
  }

  /** The answer to a request; never fails. */
  CompletionStage<HttpResponse> answer(HttpRequest request) {
    CompletionStage<HttpResponse> answer;
    try {
      answer = handler.handle(request).thenApply(Objects::requireNonNull);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    }
    return answer.exceptionally(failure -> failed(request, failure));
  }

  /** The answer to a request that the server refuses itself. */
  HttpResponse refuse(HttpRefusal refusal) {
    return refuse(refusal.status(), refusal.reason());
  }

  private HttpResponse failed(HttpRequest request, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof HttpRefusal refusal) {
      return refuse(refusal);
    }
    LOG.log(Level.ERROR, "a handler failed on a " + request.method() + " request", cause);
    return refuse(500, "Internal Server Error");
  }

  private HttpResponse refuse(int status, String reason) {
    try {
      return errors.answer(status, reason);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "no answer to an error", e);
      return HttpResponse.of(500);
    }
  }

  private static CompletionStage<HttpResponse> onVirtualThread(
      Handler handler, Semaphore free, HttpRequest request) {
    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("keystead-request")
        .start(() -> {
          free.acquireUninterruptibly();
          try {
            answer.complete(handler.handle(request));
          } catch (Throwable failure) {
            // Also an Error must end in an answer, or the client would wait for ever.
            answer.completeExceptionally(failure);
          } finally {
            free.release();
          }
        });
    return answer;
  }
}
