package dev.keystead.tpm.command;

import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.structure.Ticket;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/** TPM2_VerifySignature (Part 3, 20.1): the ticket shows this TPM that the signature verified. */
public record VerifySignature(Handle key, byte[] digest, TpmSignature signature)
    implements Command<Ticket> {
  @Override
  public CommandCode code() {
    return CommandCode.VERIFY_SIGNATURE;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(key);
  }

  @Override
  public void parameters(TpmWriter out) {
    out.sized(digest);
    signature.write(out);
  }

  @Override
  public Ticket result(Response response) {
    return Ticket.read(response.parameters());
  }
}
