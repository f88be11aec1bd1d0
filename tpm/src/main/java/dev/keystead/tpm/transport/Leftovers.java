package dev.keystead.tpm.transport;

import dev.keystead.tpm.FlushContext;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.Capability;
import java.util.List;

/** What a client that died has left loaded in a TPM that only this client uses now. */
final class Leftovers {
  private static final int LOADED_SESSIONS = 0x02000000;
  private static final int TRANSIENT = 0x80000000;

  /** More than any TPM can hold. */
  private static final int ALL = 256;

  private Leftovers() {}

  static void remove(Tpm tpm) throws TpmException {
    for (int type : List.of(LOADED_SESSIONS, TRANSIENT)) {
      for (int handle : tpm.execute(new Capability.Handles(type, ALL)).values()) {
        tpm.execute(new FlushContext(handle));
      }
    }
  }
}
