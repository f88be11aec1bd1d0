package dev.keystead.tao.seal;

/** A signed word about a program, or of the owner, is not to be believed. */
public final class CredentialException extends Exception {
  /** Why. */
  public enum Reason {
    /** It is not in its one form. */
    MALFORMED,
    /** It is signed by another key than it should be, or for the domain of another owner. */
    OTHER_KEY,
    /** The signature is not the key's over this content, or was made for something else. */
    BAD_SIGNATURE,
    /** It can't be signed. */
    NOT_SIGNED
  }

  private final Reason reason;

  /** A refusal. */
  public CredentialException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** A refusal because of {@code cause}. */
  public CredentialException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
