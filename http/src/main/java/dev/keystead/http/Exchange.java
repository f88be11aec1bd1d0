package dev.keystead.http;

import io.netty.util.concurrent.Future;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A request of a client on its way to a response. All state belongs to the pool's event loop. */
final class Exchange {
  private final ClientRequest request;
  private final CompletableFuture<HttpResponse> result;
  private @Nullable Future<?> timer;
  private @Nullable ClientConnection connection;
  private boolean retried;

  Exchange(ClientRequest request, CompletableFuture<HttpResponse> result) {
    this.request = request;
    this.result = result;
  }

  ClientRequest request() {
    return request;
  }

  boolean isCancelled() {
    return result.isCancelled();
  }

  void timeBy(Future<?> timer) {
    this.timer = timer;
  }

  void carriedBy(@Nullable ClientConnection connection) {
    this.connection = connection;
  }

  /** True once, if the request may be sent again. */
  boolean mayRetry() {
    boolean may = request.replayable() && !retried && !result.isDone();
    retried = true;
    return may;
  }

  void succeed(HttpResponse response) {
    stopTimer();
    var _ = result.complete(response);
  }

  void fail(HttpFailure failure) {
    stopTimer();
    var _ = result.completeExceptionally(failure);
  }

  /** Nobody waits any more: closes the connection that carries this exchange, if there is one. */
  void abandon() {
    stopTimer();
    if (connection != null) {
      connection.abandon();
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
