package dev.keystead.http;

/** The largest request body, decided from the head of the request. */
@FunctionalInterface
public interface BodyLimit {
  /** The largest number of bytes; 0 means no content. Called on an event loop. */
  int maxBytes(String method, Target target);

  /** The same where it also depends on who sends the request. */
  default int maxBytes(String method, Target target, Peer peer) {
    return maxBytes(method, target);
  }

  /** The same where it also depends on what the request's header says, such as a token. */
  default int maxBytes(String method, Target target, Headers headers, Peer peer) {
    return maxBytes(method, target, peer);
  }

  /** The same for every request. */
  static BodyLimit of(int maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("body limit " + maxBytes);
    }
    return (method, target) -> maxBytes;
  }
}
