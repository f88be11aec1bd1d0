package dev.keystead.http.tls;

import org.jspecify.annotations.Nullable;

/** A key, certificate, revocation list or PEM text that cannot be used; the message says why. */
public final class CredentialException extends RuntimeException {
  /** A refusal; the message holds nothing of a private key. */
  public CredentialException(String message) {
    super(message);
  }

  /** A refusal with its cause. */
  public CredentialException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
