package dev.keystead.keylime;

/**
 * Something on Keylime's wire that is refused. The text names the field and what is wrong with it,
 * and never repeats a value: it may be a secret, or long, or markup.
 */
public final class WireException extends RuntimeException {
  /** What kind of refusal. */
  public enum Reason {
    /** Missing, of another type, of another form, or beyond a limit. */
    MALFORMED,
    /** A version of the wire that is not spoken. */
    VERSION,
    /** A tag, signature or key that does not fit. */
    NOT_AUTHENTIC
  }

  private final Reason reason;

  /** Refuses with a text for people. */
  public WireException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Refuses because of another exception. */
  public WireException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Refuses a value that is not of its form. */
  public static WireException malformed(String field, String detail) {
    return new WireException(Reason.MALFORMED, field + ": " + detail);
  }

  /** What kind of refusal. */
  public Reason reason() {
    return reason;
  }
}
