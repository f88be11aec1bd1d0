package dev.keystead.control.revocation;

import dev.keystead.control.ca.AuthorityFolder;
import dev.keystead.http.Endpoint;

/** Where notices for somebody go. */
public sealed interface Recipient {
  /**
   * By POST over TLS; it is told when it answers 200 or 202.
   *
   * @param endpoint with the certificate that was registered for it
   * @param path the path that takes notices
   */
  record Post(Endpoint endpoint, String path) implements Recipient {}

  /** The authority that certified nodes: it takes back the certificate of the one that failed. */
  record Authority(AuthorityFolder folder) implements Recipient {}

  /** Whoever listens by ZeroMQ at that moment; nobody answers. */
  record Subscribers(Publisher publisher) implements Recipient {}
}
