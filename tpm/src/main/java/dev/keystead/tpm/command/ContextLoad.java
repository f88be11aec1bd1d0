package dev.keystead.tpm.command;

import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.structure.TpmWriter;

/** TPM2_ContextLoad (Part 3, 28.3): brings a saved object or session back; returns its handle. */
public record ContextLoad(ContextSave.Context context) implements Command<Integer> {
  @Override
  public CommandCode code() {
    return CommandCode.CONTEXT_LOAD;
  }

  @Override
  public void parameters(TpmWriter out) {
    out.u64(context.sequence())
        .u32(context.savedHandle())
        .u32(context.hierarchy())
        .sized(context.blob());
  }

  @Override
  public Integer result(Response response) {
    return response.handle();
  }
}
