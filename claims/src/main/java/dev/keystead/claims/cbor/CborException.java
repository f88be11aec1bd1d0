package dev.keystead.claims.cbor;

/** Bytes are not the deterministic CBOR that was expected. */
public final class CborException extends Exception {
  /** What was wrong, without repeating the bytes. */
  public CborException(String message) {
    super(message);
  }
}
