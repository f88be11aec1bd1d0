package dev.keystead.tpm.command;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/**
 * TPM2_ActivateCredential (Part 3, 12.5): opens a credential that was made for {@code key} and
 * {@code object}. Run it with a session that encrypts, or the credential crosses in clear.
 */
public record ActivateCredential(Authorized object, Authorized key, ProtectedCredential credential)
    implements Command<Secret> {
  @Override
  public CommandCode code() {
    return CommandCode.ACTIVATE_CREDENTIAL;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(object, key);
  }

  @Override
  public void parameters(TpmWriter out) {
    out.sized(credential.idObject()).sized(credential.encryptedSecret());
  }

  @Override
  public Secret result(Response response) {
    return Secret.read(response.parameters());
  }
}
