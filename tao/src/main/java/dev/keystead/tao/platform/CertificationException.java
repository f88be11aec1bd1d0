package dev.keystead.tao.platform;

/** A TPM gets no certificate. */
public final class CertificationException extends Exception {
  /** Why. */
  public enum Reason {
    /** The TPM is not on the owner's list, however genuine it may be. */
    NOT_LISTED,
    /** The endorsement key is no key that a certificate can be encrypted for. */
    NOT_AN_ENDORSEMENT_KEY,
    /** The attestation key would sign other things than the TPM's own words. */
    NOT_AN_ATTESTATION_KEY
  }

  private final Reason reason;

  /** A refusal. */
  public CertificationException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
