package dev.keystead.tpm.command;

import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Loaded;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmReader;
import java.util.List;

/** TPM2_ReadPublic (Part 3, 12.4): what the object behind a handle is. */
public record ReadPublic(int handle) implements Command<Loaded> {
  @Override
  public CommandCode code() {
    return CommandCode.READ_PUBLIC;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(Handle.unnamed(handle));
  }

  @Override
  public Loaded result(Response response) {
    TpmReader in = response.parameters();
    TpmPublic area = TpmPublic.parse(in.sized());
    Loaded loaded = Loaded.of(handle, area, in.sized());
    in.sized(66, "the qualified Name");
    return loaded;
  }
}
