package dev.keystead.tpm;

import dev.keystead.tpm.structure.TpmWriter;

/** TPM2_FlushContext (Part 3, 28.4): removes a transient object or a session. */
public record FlushContext(int handle) implements Command.Action {
  @Override
  public CommandCode code() {
    return CommandCode.FLUSH_CONTEXT;
  }

  @Override
  public void parameters(TpmWriter out) {
    out.u32(handle);
  }
}
