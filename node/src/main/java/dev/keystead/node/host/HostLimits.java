package dev.keystead.node.host;

/**
 * What callers may take of a host.
 *
 * @param connections in all
 * @param connectionsOfOne of one program, or of one user who is none
 * @param callsOfOne at once on one connection
 */
public record HostLimits(int connections, int connectionsOfOne, int callsOfOne) {
  /** 4,096 connections, 16 of one caller with 16 calls each. */
  public static final HostLimits DEFAULT = new HostLimits(4096, 16, 16);

  /** Requires at least one of each. */
  public HostLimits {
    if (connections < 1 || connectionsOfOne < 1 || callsOfOne < 1) {
      throw new IllegalArgumentException("a host serves at least one call");
    }
  }
}
