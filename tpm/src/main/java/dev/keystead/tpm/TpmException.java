package dev.keystead.tpm;

import java.io.IOException;

/**
 * A command that did not succeed: the TPM could not be reached, refused (see {@link
 * TpmResponseException}), or answered something that cannot be trusted.
 */
public class TpmException extends IOException {
  /** States what went wrong. */
  public TpmException(String message) {
    super(message);
  }

  /** States what went wrong, and because of what. */
  public TpmException(String message, Throwable cause) {
    super(message, cause);
  }
}
