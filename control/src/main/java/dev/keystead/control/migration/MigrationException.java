package dev.keystead.control.migration;

/** An installation that cannot be taken over, or cannot be left, as things stand. */
public final class MigrationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what stands in the way, in words for the operator. */
  public MigrationException(String message) {
    super(message);
  }

  /** The same with what it came from. */
  public MigrationException(String message, Throwable cause) {
    super(message, cause);
  }
}
