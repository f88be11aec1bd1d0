package dev.keystead.tpm.command;

import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Loaded;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmWriter;

/**
 * TPM2_LoadExternal (Part 3, 12.3) of a public key, to verify signatures or make credentials with.
 *
 * @param hierarchy the hierarchy whose proof tickets made with it carry; {@link Handle#NULL} makes
 *     none that count
 */
public record LoadExternal(TpmPublic area, Handle hierarchy) implements Command<Loaded> {
  @Override
  public CommandCode code() {
    return CommandCode.LOAD_EXTERNAL;
  }

  @Override
  public void parameters(TpmWriter out) {
    out.sized(new byte[0]).bytes(area.toSizedBytes()).u32(hierarchy.value());
  }

  @Override
  public Loaded result(Response response) {
    return Loaded.of(response.handle(), area, response.parameters().sized());
  }
}
