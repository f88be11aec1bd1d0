package dev.keystead.control.rest;

/** Who may use a route. */
public enum Access {
  /** Anybody who can connect. */
  ANYONE,
  /** Whoever showed a certificate of the trusted authority, over TLS. */
  OWNER
}
