package dev.keystead.control.revocation;

import dev.keystead.http.Endpoint;

/**
 * Where notices for somebody go.
 *
 * @param endpoint with the certificate that was registered for it
 * @param path the path that takes notices
 */
public record Recipient(Endpoint endpoint, String path) {}
