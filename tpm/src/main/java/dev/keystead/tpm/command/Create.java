package dev.keystead.tpm.command;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/**
 * TPM2_Create (Part 3, 12.1): makes an object under a storage key.
 *
 * @param auth the new object's authorization value
 * @param data what to seal, at most 128 bytes; empty for keys
 */
public record Create(Authorized parent, TpmPublic template, Secret auth, Secret data)
    implements Command<Create.Result> {
  /** A new object: its public area, and its private area encrypted for its parent. */
  public record Result(TpmPublic area, byte[] sensitive) {}

  /** A key without an authorization value. */
  public Create(Authorized parent, TpmPublic template) {
    this(parent, template, Secret.empty(), Secret.empty());
  }

  @Override
  public CommandCode code() {
    return CommandCode.CREATE;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(parent);
  }

  @Override
  public void parameters(TpmWriter out) {
    out.sized(s -> {
      auth.write(s);
      data.write(s);
    });
    out.bytes(template.toSizedBytes()).sized(new byte[0]).u32(0);
  }

  @Override
  public Create.Result result(Response response) {
    TpmReader in = response.parameters();
    byte[] sensitive = in.sized();
    TpmPublic area = TpmPublic.parse(in.sized());
    Creation.skip(in);
    return new Result(area, sensitive);
  }
}
