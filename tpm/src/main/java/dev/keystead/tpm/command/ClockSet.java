package dev.keystead.tpm.command;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/**
 * TPM2_ClockSet (Part 3, 29.2) by owner or platform: advances the clock.
 *
 * @param time milliseconds, not less than the clock is
 */
public record ClockSet(Authorized hierarchy, long time) implements Command.Action {
  @Override
  public CommandCode code() {
    return CommandCode.CLOCK_SET;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(hierarchy);
  }

  @Override
  public void parameters(TpmWriter out) {
    out.u64(time);
  }
}
