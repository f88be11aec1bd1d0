package dev.keystead.http;

/**
 * A request that a server received in full and within its limits.
 *
 * @param method a token; methods are case-sensitive
 * @param target the path and query, decoded
 * @param headers the header fields
 * @param body the content, transfer coding removed; empty if there was none
 * @param peer who sent it
 */
public record HttpRequest(String method, Target target, Headers headers, byte[] body, Peer peer) {}
