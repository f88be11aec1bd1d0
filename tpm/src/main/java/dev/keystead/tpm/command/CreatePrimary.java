package dev.keystead.tpm.command;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Loaded;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/**
 * TPM2_CreatePrimary (Part 3, 24.1): derives a key from a hierarchy's seed; the same template gives
 * the same key until the hierarchy is cleared.
 */
public record CreatePrimary(Authorized hierarchy, TpmPublic template, Secret auth)
    implements Command<Loaded> {
  /** A key without an authorization value. */
  public CreatePrimary(Authorized hierarchy, TpmPublic template) {
    this(hierarchy, template, Secret.empty());
  }

  @Override
  public CommandCode code() {
    return CommandCode.CREATE_PRIMARY;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(hierarchy);
  }

  @Override
  public void parameters(TpmWriter out) {
    out.sized(s -> {
      auth.write(s);
      s.sized(new byte[0]);
    });
    out.bytes(template.toSizedBytes()).sized(new byte[0]).u32(0);
  }

  @Override
  public Loaded result(Response response) {
    TpmReader in = response.parameters();
    TpmPublic area = TpmPublic.parse(in.sized());
    Creation.skip(in);
    return Loaded.of(response.handle(), area, in.sized());
  }
}
