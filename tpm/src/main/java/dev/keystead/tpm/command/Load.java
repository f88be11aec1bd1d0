package dev.keystead.tpm.command;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Loaded;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/** TPM2_Load (Part 3, 12.2): brings a created object back under its parent. */
public record Load(Authorized parent, TpmPublic area, byte[] sensitive) implements Command<Loaded> {
  /** What Create returned. */
  public Load(Authorized parent, Create.Result created) {
    this(parent, created.area(), created.sensitive());
  }

  @Override
  public CommandCode code() {
    return CommandCode.LOAD;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(parent);
  }

  @Override
  public void parameters(TpmWriter out) {
    out.sized(sensitive).bytes(area.toSizedBytes());
  }

  @Override
  public Loaded result(Response response) {
    return Loaded.of(response.handle(), area, response.parameters().sized());
  }
}
