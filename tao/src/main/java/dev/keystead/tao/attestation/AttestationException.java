package dev.keystead.tao.attestation;

/** An attestation or a certificate is not to be believed. */
public final class AttestationException extends Exception {
  /** Why. */
  public enum Reason {
    /** Some part of it is not in its one form. */
    MALFORMED,
    /** It ends in another policy key than ours, or was made for the domain of another. */
    OTHER_POLICY_KEY,
    /** A signature is not its key's over this content. */
    BAD_SIGNATURE,
    /** A key or a statement was used for something that it is not for. */
    WRONG_ROLE,
    /** Two neighbouring links are not about the same key or the same name. */
    BROKEN_CHAIN,
    /** The owner has not said that the program which signed is a host. */
    NOT_ENDORSED,
    /** The TPM's quote is not over what the statement says. */
    WRONG_QUOTE,
    /** Some link's time is over. */
    EXPIRED,
    /** Some link's time has not come. */
    NOT_YET_VALID
  }

  private final Reason reason;

  /** A refusal. */
  public AttestationException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** A refusal because of {@code cause}. */
  public AttestationException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
