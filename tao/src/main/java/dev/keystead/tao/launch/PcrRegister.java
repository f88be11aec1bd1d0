package dev.keystead.tao.launch;

import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.Pcr;
import dev.keystead.tpm.property.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;

/**
 * PCR {@value #PCR} of a TPM (decision 0016). A host's own state must not depend on it: it changes
 * with every program.
 */
public final class PcrRegister implements LaunchRegister {
  /** The PCR. */
  public static final int PCR = 13;

  private final Tpm tpm;

  /** Uses a TPM that stays open. */
  public PcrRegister(Tpm tpm) {
    this.tpm = tpm;
  }

  @Override
  public byte[] sha256() throws TaoException {
    try {
      Digest value =
          PcrValues.read(tpm, PcrSelection.of(HashAlg.SHA256, PCR)).bank(HashAlg.SHA256).get(PCR);
      if (value == null) {
        throw new TaoException(Reason.UNAVAILABLE, "the TPM has no PCR 13 of SHA-256");
      }
      return value.bytes();
    } catch (TpmException e) {
      throw new TaoException(Reason.UNAVAILABLE, "PCR 13 cannot be read", e);
    }
  }

  @Override
  public void extend(byte[] event) throws TaoException {
    try {
      tpm.execute(new Pcr.Event(Handle.pcr(PCR).withEmptyAuth(), event));
    } catch (TpmException e) {
      throw new TaoException(Reason.UNAVAILABLE, "PCR 13 cannot be extended", e);
    }
  }
}
