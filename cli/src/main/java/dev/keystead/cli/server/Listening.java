package dev.keystead.cli.server;

import java.util.List;

/**
 * A server answers on these ports from now on.
 *
 * @param server which one
 * @param ports that for plain HTTP first, where there is one; the last is for TLS
 */
public record Listening(String server, List<Integer> ports) {}
