package dev.keystead.http;

import dev.keystead.http.HttpFailure.Reason;
import dev.keystead.http.tls.ClientHandshakes;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * Speaks HTTP/1.1 to many servers from a few threads. Connections are kept and used again per
 * {@link Endpoint}; an endpoint that stalls delays no other. Redirects are not followed, content is
 * never compressed, cookies are not kept. A response of HTTP/1.0 whose body ends with the
 * connection is accepted; over TLS such a body can be cut by somebody on the way when the server
 * does not end TLS properly (Python's does not), so its content must be able to tell.
 */
public final class HttpClient implements AutoCloseable {
  private final EventLoops loops;
  private final ClientLimits limits;
  private final ClientHandshakes handshakes = new ClientHandshakes();
  private final Map<Endpoint, EndpointPool> pools = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private HttpClient(EventLoops loops, ClientLimits limits) {
    this.loops = loops;
    this.limits = limits;
  }

  /** A client without connections. */
  public static HttpClient open(EventLoops loops, ClientLimits limits) {
    return new HttpClient(loops, limits);
  }

  /**
   * Sends a request. The future ends with the response, whatever its status, or with an {@link
   * HttpFailure}; cancelling it closes the connection. It is completed on an event loop: what
   * depends on it must not block, or must use the Async methods.
   */
  public CompletableFuture<HttpResponse> send(Endpoint endpoint, ClientRequest request) {
    CompletableFuture<HttpResponse> result = new CompletableFuture<>();
    Exchange exchange = new Exchange(request, result);
    EndpointPool pool =
        pools.compute(endpoint, (key, known) -> entered(known == null ? newPool(key) : known));
    var _ =
        result.whenComplete((response, failure) -> pool.loop().execute(() -> pool.leave(exchange)));
    pool.loop().execute(() -> pool.submit(exchange));
    return result;
  }

  /**
   * Sends a request and waits for the response. Not for event loops.
   *
   * @throws HttpFailure if there is no response
   * @throws InterruptedException if this thread is interrupted; the exchange is given up
   */
  public HttpResponse exchange(Endpoint endpoint, ClientRequest request)
      throws HttpFailure, InterruptedException {
    CompletableFuture<HttpResponse> result = send(endpoint, request);
    try {
      return result.get();
    } catch (InterruptedException e) {
      result.cancel(false);
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HttpFailure failure) {
        // A new exception, so that the trace shows the caller.
        throw new HttpFailure(failure.reason(), failure.detail(), failure);
      }
      throw new IllegalStateException("client failed", e.getCause());
    }
  }

  /** Closes every connection; what is under way fails with {@link Reason#CLOSED}. */
  @Override
  public void close() {
    closed = true;
    pools.values().forEach(pool -> pool.loop().execute(pool::close));
  }

  EventLoops loops() {
    return loops;
  }

  ClientLimits limits() {
    return limits;
  }

  ClientHandshakes handshakes() {
    return handshakes;
  }

  boolean isClosed() {
    return closed;
  }

  void forgetIfUnused(EndpointPool unused) {
    pools.computeIfPresent(
        unused.endpoint(), (key, pool) -> pool == unused && pool.isUnused() ? null : pool);
  }

  private EndpointPool newPool(Endpoint endpoint) {
    return new EndpointPool(this, endpoint, loops.group().next());
  }

  private static EndpointPool entered(EndpointPool pool) {
    pool.enter();
    return pool;
  }
}
