package dev.keystead.claims.cose;

/** Something signed is not to be believed, or a signature can't be made. */
public final class CoseException extends Exception {
  /** Why a signed thing is refused. */
  public enum Reason {
    /** It is no COSE_Sign1 in the one form that is accepted. */
    MALFORMED,
    /** It is signed in an algorithm, or by another key, than this key signs. */
    WRONG_KEY,
    /** The signature is not this key's over this content in this context. */
    BAD_SIGNATURE,
    /** The key can't sign. */
    NOT_SIGNED
  }

  private final Reason reason;

  /** A refusal. */
  public CoseException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** A refusal because of {@code cause}. */
  public CoseException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
