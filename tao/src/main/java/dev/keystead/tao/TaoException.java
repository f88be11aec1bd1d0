package dev.keystead.tao;

/** A host did not do what was asked. */
public class TaoException extends Exception {
  /** Why; the only part of a refusal that crosses to the caller of a host. */
  public enum Reason {
    /** The request breaks a stated limit or form. */
    INVALID,
    /** The context of an attestation is reserved for hosts. */
    RESERVED_CONTEXT,
    /** The blob was not unsealed. There is one reason, so that nobody learns what was wrong. */
    NOT_UNSEALED,
    /** The caller may not do that here. */
    NOT_PERMITTED,
    /** There is no such running program, or the handle was given to somebody else. */
    UNKNOWN_HANDLE,
    /** The program can't be measured or started as it was specified. */
    NOT_STARTED,
    /** This kind of host can't do that. */
    UNSUPPORTED,
    /** The host, or what it stands on, can't be reached or failed. */
    UNAVAILABLE
  }

  private final Reason reason;

  /** A refusal; the message is for the host's own log and holds no secret. */
  public TaoException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** A refusal because of {@code cause}. */
  public TaoException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
