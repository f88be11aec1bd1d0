package dev.keystead.tao.upgrade;

/** Keys are not handed over, or not taken. */
public final class HandOverException extends Exception {
  /** Why. */
  public enum Reason {
    /** What the other program's host says is not to be believed. */
    NOT_ATTESTED,
    /** It is attested, and says something else. */
    WRONG_PURPOSE,
    /** The other program is not the one that keys go to, or come from. */
    WRONG_PROGRAM,
    /** It is not in its one form. */
    MALFORMED,
    /** It was not made for this question. */
    NOT_FOR_US,
    /** The own host does not attest. */
    UNAVAILABLE
  }

  private final Reason reason;

  /** A refusal. */
  public HandOverException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** A refusal because of {@code cause}. */
  public HandOverException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
