package dev.keystead.tpm.structure;

/** Bytes that are not the structure they should be. The message names the field and the fault. */
public final class TpmFormatException extends RuntimeException {
  /** States which field is malformed and how. */
  public TpmFormatException(String message) {
    super(message);
  }
}
