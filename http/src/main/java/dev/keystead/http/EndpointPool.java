package dev.keystead.http;

import dev.keystead.http.HttpFailure.Reason;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The connections to one endpoint and the exchanges that wait for them, on one event loop. */
final class EndpointPool {
  private final HttpClient client;
  private final Endpoint endpoint;
  private final EventLoop loop;
  private final Deque<Exchange> waiting = new ArrayDeque<>();
  private final Deque<ClientConnection> idle = new ArrayDeque<>();
  private final Set<ClientConnection> open = new HashSet<>();
  private final AtomicInteger users = new AtomicInteger();

  EndpointPool(HttpClient client, Endpoint endpoint, EventLoop loop) {
    this.client = client;
    this.endpoint = endpoint;
    this.loop = loop;
  }

  EventLoop loop() {
    return loop;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  HttpClient client() {
    return client;
  }

  void submit(Exchange exchange) {
    if (client.isClosed()) {
      exchange.fail(new HttpFailure(Reason.CLOSED, "client is closed", null));
    } else if (waiting.size() >= client.limits().waiting()) {
      exchange.fail(new HttpFailure(Reason.BUSY, "too many requests wait for " + endpoint, null));
    } else {
      long deadline = exchange.request().deadline().orElse(client.limits().deadline()).toMillis();
      exchange.timeBy(loop.schedule(() -> expire(exchange), deadline, TimeUnit.MILLISECONDS));
      waiting.add(exchange);
      dispatch();
    }
  }

  /** An exchange is about to be submitted: the pool must not be forgotten. From any thread. */
  void enter() {
    users.incrementAndGet();
  }

  /** An exchange has ended in whatever way; if its caller gave it up, its connection closes. */
  void leave(Exchange exchange) {
    if (exchange.isCancelled()) {
      waiting.remove(exchange);
      exchange.abandon();
    }
    users.decrementAndGet();
    forgetIfUnused();
  }

  /** No exchange and no connection; asked while no exchange can enter. */
  boolean isUnused() {
    return users.get() == 0 && open.isEmpty();
  }

  /**
   * Puts an exchange first in the queue, whose kept connection was dead: others that were kept are
   * likely dead as well and are closed.
   */
  void retry(Exchange exchange) {
    waiting.addFirst(exchange);
    List.copyOf(idle).forEach(ClientConnection::abandon);
  }

  void becameIdle(ClientConnection connection) {
    idle.addLast(connection);
    dispatch();
  }

  void closed(ClientConnection connection) {
    idle.remove(connection);
    open.remove(connection);
    dispatch();
    forgetIfUnused();
  }

  void close() {
    HttpFailure closed = new HttpFailure(Reason.CLOSED, "client is closed", null);
    waiting.forEach(exchange -> exchange.fail(closed));
    waiting.clear();
    List.copyOf(open).forEach(ClientConnection::clientClosed);
  }

  private void expire(Exchange exchange) {
    waiting.remove(exchange);
    exchange.fail(new HttpFailure(Reason.TIMEOUT, "no response in time from " + endpoint, null));
    exchange.abandon();
  }

  private void dispatch() {
    while (!waiting.isEmpty()) {
      ClientConnection kept = idle.pollLast();
      if (kept != null) {
        kept.send(waiting.remove());
      } else if (open.size() < client.limits().connections()) {
        connect(waiting.remove());
      } else {
        return;
      }
    }
  }

  private void connect(Exchange exchange) {
    ClientConnection connection = new ClientConnection(this, exchange);
    open.add(connection);
    connection.connect();
  }

  private void forgetIfUnused() {
    if (isUnused()) {
      client.forgetIfUnused(this);
    }
  }
}
