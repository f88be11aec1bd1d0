package dev.keystead.tpm.command;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/**
 * TPM2_EvictControl (Part 3, 28.5): makes a transient object persistent, or a persistent one go.
 *
 * @param persistent 0x81000000 to 0x81ffffff; equal to the object's handle to remove it
 */
public record EvictControl(Authorized hierarchy, Handle object, int persistent)
    implements Command.Action {
  @Override
  public CommandCode code() {
    return CommandCode.EVICT_CONTROL;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(hierarchy, object);
  }

  @Override
  public void parameters(TpmWriter out) {
    out.u32(persistent);
  }
}
