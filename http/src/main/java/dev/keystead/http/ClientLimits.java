package dev.keystead.http;

import java.time.Duration;

/**
 * What a client grants a server. Sizes in bytes.
 *
 * @param connectTime for the name lookup, the TCP connection and the TLS handshake together
 * @param headTime from the request to the end of the response's header fields
 * @param deadline for the whole exchange, waiting for a connection included, unless the request
 *     says otherwise
 * @param idle how long an unused connection is kept
 * @param head the status line and all header fields
 * @param headers the number of header fields
 * @param body the response body
 * @param connections open to one endpoint at a time
 * @param waiting exchanges that wait for a connection to one endpoint
 */
public record ClientLimits(
    Duration connectTime,
    Duration headTime,
    Duration deadline,
    Duration idle,
    int head,
    int headers,
    int body,
    int connections,
    int waiting) {
  /** Refuses limits that are not positive. */
  public ClientLimits {
    if (head < 64 || headers < 1 || body < 0 || connections < 1 || waiting < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
    for (Duration d : new Duration[] {connectTime, headTime, deadline, idle}) {
      if (d.toMillis() < 1) {
        throw new IllegalArgumentException("time limits must be at least 1 ms");
      }
    }
  }

  /**
   * Connect 5 s, head 30 s, deadline 60 s, idle 30 s; head 16 KiB with 64 fields, body 16 MiB; 4
   * connections and 256 waiting exchanges per endpoint.
   */
  public static ClientLimits defaults() {
    return new ClientLimits(
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        16 * 1024,
        64,
        16 * 1024 * 1024,
        4,
        256);
  }

  /** These limits with other times. */
  public ClientLimits withTimes(Duration connect, Duration head, Duration deadline) {
    return new ClientLimits(
        connect, head, deadline, idle, this.head, headers, body, connections, waiting);
  }

  /** These limits with another time for which an unused connection is kept. */
  public ClientLimits withIdle(Duration idle) {
    return new ClientLimits(
        connectTime, headTime, deadline, idle, head, headers, body, connections, waiting);
  }

  /** These limits with another largest response body. */
  public ClientLimits withBody(int body) {
    return new ClientLimits(
        connectTime, headTime, deadline, idle, head, headers, body, connections, waiting);
  }

  /** These limits with another number of connections to one endpoint. */
  public ClientLimits withConnections(int connections) {
    return new ClientLimits(
        connectTime, headTime, deadline, idle, head, headers, body, connections, waiting);
  }
}
