package dev.keystead.http;

import dev.keystead.http.HttpFailure.Reason;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The connections to one endpoint and the exchanges that wait for them, on one event loop. */
final class EndpointPool {
  private final HttpClient client;
  private final Endpoint endpoint;
  private final EventLoop loop;
  private final Deque<Exchange> waiting = new ArrayDeque<>();
  private final Deque<ClientConnection> idle = new ArrayDeque<>();
  private final Set<ClientConnection> open = new HashSet<>();

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

  /** The caller has given up. */
  void cancel(Exchange exchange) {
    waiting.remove(exchange);
    exchange.abandon();
    forgetIfUnused();
  }

  /** Sends an exchange once more, on a connection that is new. */
  void retry(Exchange exchange) {
    connect(exchange);
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
    List.copyOf(open).forEach(ClientConnection::abandon);
  }

  private void expire(Exchange exchange) {
    waiting.remove(exchange);
    exchange.fail(new HttpFailure(Reason.TIMEOUT, "no response in time from " + endpoint, null));
    exchange.abandon();
    forgetIfUnused();
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
    if (open.isEmpty() && waiting.isEmpty()) {
      client.forget(endpoint, this);
    }
  }
}
