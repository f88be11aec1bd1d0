package dev.keystead.tpm.command;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.Secret;
import java.util.List;

/**
 * TPM2_Unseal (Part 3, 12.7). Run it with a session that encrypts, or the data crosses in clear.
 */
public record Unseal(Authorized item) implements Command<Secret> {
  @Override
  public CommandCode code() {
    return CommandCode.UNSEAL;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(item);
  }

  @Override
  public Secret result(Response response) {
    return Secret.read(response.parameters());
  }
}
