package dev.keystead.http;

import java.time.Duration;

/**
 * What a server grants its clients. Sizes in bytes.
 *
 * @param startLine the request line
 * @param head the request line and all header fields, and the same again for trailers
 * @param headers the number of header fields
 * @param idle how long a kept connection may wait for the first byte of a request
 * @param headTime from the first byte of a request to the end of its header fields; also how long a
 *     new connection may be silent
 * @param bodyTime from there to the end of the body
 * @param handshakeTime for the TLS handshake
 * @param writeTime for the client to take the response
 * @param lingerTime how long a connection that was refused is still drained, so that the client
 *     gets to read the answer
 * @param connections open at a time
 * @param connectionsPerAddress open at a time from one address
 * @param requests in {@link Handler}s at a time; further ones wait
 */
public record ServerLimits(
    int startLine,
    int head,
    int headers,
    Duration idle,
    Duration headTime,
    Duration bodyTime,
    Duration handshakeTime,
    Duration writeTime,
    Duration lingerTime,
    int connections,
    int connectionsPerAddress,
    int requests) {
  /** Refuses limits that are not positive. */
  public ServerLimits {
    if (startLine < 16
        || head < startLine
        || headers < 1
        || connections < 1
        || connectionsPerAddress < 1
        || requests < 1) {
      throw new IllegalArgumentException("limits must be positive, head at least startLine");
    }
    for (Duration d :
        new Duration[] {idle, headTime, bodyTime, handshakeTime, writeTime, lingerTime}) {
      if (d.toMillis() < 1) {
        throw new IllegalArgumentException("time limits must be at least 1 ms");
      }
    }
  }

  /**
   * 8 KiB line, 16 KiB head, 64 fields; idle 60 s, head 10 s, body 30 s, handshake 10 s, write 30
   * s, linger 2 s; 16,384 connections, 1,024 from one address, 256 requests.
   */
  public static ServerLimits defaults() {
    return new ServerLimits(
        8 * 1024,
        16 * 1024,
        64,
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(2),
        16 * 1024,
        1024,
        256);
  }

  /** These limits with other time limits for the head and the body of a request. */
  public ServerLimits withRequestTime(Duration head, Duration body) {
    return new ServerLimits(
        startLine,
        this.head,
        headers,
        idle,
        head,
        body,
        handshakeTime,
        writeTime,
        lingerTime,
        connections,
        connectionsPerAddress,
        requests);
  }

  /** These limits with other times for a kept connection without a request, and a handshake. */
  public ServerLimits withConnectionTime(Duration idle, Duration handshake) {
    return new ServerLimits(
        startLine,
        head,
        headers,
        idle,
        headTime,
        bodyTime,
        handshake,
        writeTime,
        lingerTime,
        connections,
        connectionsPerAddress,
        requests);
  }

  /** These limits with other numbers of connections, in all and from one address. */
  public ServerLimits withConnections(int total, int perAddress) {
    return new ServerLimits(
        startLine,
        head,
        headers,
        idle,
        headTime,
        bodyTime,
        handshakeTime,
        writeTime,
        lingerTime,
        total,
        perAddress,
        requests);
  }

  /** These limits with another number of requests in handlers at a time. */
  public ServerLimits withRequests(int requests) {
    return new ServerLimits(
        startLine,
        head,
        headers,
        idle,
        headTime,
        bodyTime,
        handshakeTime,
        writeTime,
        lingerTime,
        connections,
        connectionsPerAddress,
        requests);
  }
}
