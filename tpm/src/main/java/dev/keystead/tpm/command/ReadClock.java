package dev.keystead.tpm.command;

import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.structure.ClockInfo;
import dev.keystead.tpm.structure.TpmReader;

/** TPM2_ReadClock (Part 3, 29.1). */
public record ReadClock() implements Command<ReadClock.Time> {
  /** TPMS_TIME_INFO: milliseconds since the TPM was powered, and its clock. */
  public record Time(long time, ClockInfo clock) {}

  @Override
  public CommandCode code() {
    return CommandCode.READ_CLOCK;
  }

  @Override
  public ReadClock.Time result(Response response) {
    TpmReader in = response.parameters();
    return new Time(in.u64(), ClockInfo.read(in));
  }
}
