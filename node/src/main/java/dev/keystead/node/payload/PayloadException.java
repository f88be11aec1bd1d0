package dev.keystead.node.payload;

/** A payload that is not unpacked, and why. */
public final class PayloadException extends Exception {
  /** Refuses for this reason. */
  public PayloadException(String reason) {
    super(reason);
  }
}
