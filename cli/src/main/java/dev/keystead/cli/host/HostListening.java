package dev.keystead.cli.host;

/**
 * The host answers from now on.
 *
 * @param host its name
 * @param socket the public socket's address
 */
public record HostListening(String host, String socket) {}
