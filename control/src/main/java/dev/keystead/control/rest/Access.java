package dev.keystead.control.rest;

/** Who may use a route. */
public enum Access {
  /** Anybody who can connect. */
  ANYONE,
  /** Whoever showed an owner's certificate, over TLS: see {@link Owners}. */
  OWNER
}
