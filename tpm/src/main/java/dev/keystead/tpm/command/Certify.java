package dev.keystead.tpm.command;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/** TPM2_Certify (Part 3, 18.2): signs that an object is in this TPM. */
public record Certify(
    Authorized object, Authorized key, byte[] qualifyingData, SignatureScheme scheme)
    implements Command<Attestation> {
  @Override
  public CommandCode code() {
    return CommandCode.CERTIFY;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(object, key);
  }

  @Override
  public void parameters(TpmWriter out) {
    out.sized(qualifyingData);
    scheme.write(out);
  }

  @Override
  public Attestation result(Response response) {
    return Attestation.read(response.parameters());
  }
}
