package dev.keystead.tpm.command;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.Ticket;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/**
 * TPM2_Sign (Part 3, 20.2): signs a digest. A restricted key signs only what the TPM has hashed,
 * which the ticket shows.
 */
public record Sign(Authorized key, byte[] digest, SignatureScheme scheme, Ticket validation)
    implements Command<TpmSignature> {
  @Override
  public CommandCode code() {
    return CommandCode.SIGN;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(key);
  }

  @Override
  public void parameters(TpmWriter out) {
    out.sized(digest);
    scheme.write(out);
    validation.write(out);
  }

  @Override
  public TpmSignature result(Response response) {
    return TpmSignature.read(response.parameters());
  }
}
