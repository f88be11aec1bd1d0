package dev.keystead.tpm.command;

import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/**
 * TPM2_MakeCredential (Part 3, 12.6): the TPM's own way to protect a credential; it needs no
 * private key.
 */
public record MakeCredential(Handle key, Secret credential, TpmName objectName)
    implements Command<ProtectedCredential> {
  @Override
  public CommandCode code() {
    return CommandCode.MAKE_CREDENTIAL;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(key);
  }

  @Override
  public void parameters(TpmWriter out) {
    credential.write(out);
    out.sized(objectName.bytes());
  }

  @Override
  public ProtectedCredential result(Response response) {
    TpmReader in = response.parameters();
    return new ProtectedCredential(in.sized(), in.sized());
  }
}
