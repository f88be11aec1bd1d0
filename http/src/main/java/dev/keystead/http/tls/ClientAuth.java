package dev.keystead.http.tls;

/** What a server asks of its clients in the TLS handshake. */
public enum ClientAuth {
  /** No certificate is asked for. */
  NONE,
  /**
   * A certificate is asked for. A client without one is anonymous; a client whose certificate does
   * not lead to the trusted authorities is refused in the handshake, never taken for anonymous.
   */
  OPTIONAL,
  /** A certificate that leads to the trusted authorities, or no connection. */
  REQUIRED
}
