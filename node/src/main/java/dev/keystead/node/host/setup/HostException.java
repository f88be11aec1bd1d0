package dev.keystead.node.host.setup;

/** A host that cannot be set up or started; the message says what to do. */
public final class HostException extends RuntimeException {
  /** With what is wrong. */
  public HostException(String message) {
    super(message);
  }

  /** Because of {@code cause}. */
  public HostException(String message, Throwable cause) {
    super(message, cause);
  }
}
