package dev.keystead.tao.platform;

import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmResponseException;

/** What a failure of the TPM means to whom the host works for. */
final class Refusals {
  private Refusals() {}

  /** {@code reason} when the TPM refused; UNAVAILABLE when there was no answer to rely on. */
  static TaoException of(TpmException e, Reason reason, String message) {
    return e instanceof TpmResponseException
        ? new TaoException(reason, message, e)
        : new TaoException(Reason.UNAVAILABLE, "the TPM failed", e);
  }
}
