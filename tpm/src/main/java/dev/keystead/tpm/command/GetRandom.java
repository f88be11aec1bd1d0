package dev.keystead.tpm.command;

import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.structure.TpmWriter;

/**
 * TPM2_GetRandom (Part 3, 16.1): up to {@code count} random bytes, at most the size of a digest.
 */
public record GetRandom(int count) implements Command<byte[]> {
  @Override
  public CommandCode code() {
    return CommandCode.GET_RANDOM;
  }

  @Override
  public void parameters(TpmWriter out) {
    out.u16(count);
  }

  @Override
  public byte[] result(Response response) {
    return response.parameters().sized(count, "random bytes");
  }
}
