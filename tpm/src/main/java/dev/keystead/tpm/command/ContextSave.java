package dev.keystead.tpm.command;

import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.structure.TpmReader;
import java.util.List;

/**
 * TPM2_ContextSave (Part 3, 28.2): takes an object or session out of the TPM, encrypted for it.
 * Objects stay loaded, sessions do not.
 */
public record ContextSave(Handle handle) implements Command<ContextSave.Context> {
  /** TPMS_CONTEXT (Part 2, 14.5). */
  public record Context(long sequence, int savedHandle, int hierarchy, byte[] blob) {}

  @Override
  public CommandCode code() {
    return CommandCode.CONTEXT_SAVE;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(handle);
  }

  @Override
  public ContextSave.Context result(Response response) {
    TpmReader in = response.parameters();
    return new Context(in.u64(), in.i32(), in.i32(), in.sized());
  }
}
