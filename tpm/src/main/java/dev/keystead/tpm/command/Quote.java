package dev.keystead.tpm.command;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/**
 * TPM2_Quote (Part 3, 18.4): signs the values of PCRs.
 *
 * @param qualifyingData at most as many bytes as the TPM's largest digest has, usually 64
 */
public record Quote(
    Authorized key, byte[] qualifyingData, SignatureScheme scheme, PcrSelection selection)
    implements Command<Attestation> {
  /** In the key's own scheme. */
  public Quote(Authorized key, byte[] qualifyingData, PcrSelection selection) {
    this(key, qualifyingData, SignatureScheme.OF_KEY, selection);
  }

  @Override
  public CommandCode code() {
    return CommandCode.QUOTE;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(key);
  }

  @Override
  public void parameters(TpmWriter out) {
    out.sized(qualifyingData);
    scheme.write(out);
    selection.write(out);
  }

  @Override
  public Attestation result(Response response) {
    return Attestation.read(response.parameters());
  }
}
