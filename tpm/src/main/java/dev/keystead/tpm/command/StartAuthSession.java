package dev.keystead.tpm.command;

import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.Session;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.SymmetricDef;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;
import java.util.Optional;

/**
 * TPM2_StartAuthSession (Part 3, 11.1). Sessions are opened with {@code session.SessionSpec}, which
 * makes the salt and the key; this is only the command.
 */
public record StartAuthSession(
    Handle saltKey,
    Handle bind,
    byte[] nonceCaller,
    byte[] encryptedSalt,
    Session.Kind kind,
    Optional<SymmetricDef> symmetric,
    HashAlg hash)
    implements Command<StartAuthSession.Result> {
  /** The session's handle and first nonce. */
  public record Result(int handle, byte[] nonceTpm) {}

  @Override
  public CommandCode code() {
    return CommandCode.START_AUTH_SESSION;
  }

  @Override
  public List<CommandHandle> handles() {
    return List.of(saltKey, bind);
  }

  @Override
  public void parameters(TpmWriter out) {
    out.sized(nonceCaller)
        .sized(encryptedSalt)
        .u8(
            switch (kind) {
              case HMAC -> 0;
              case POLICY -> 1;
              case TRIAL -> 3;
              case PASSWORD -> throw new IllegalArgumentException("a password is not a session");
            });
    symmetric.ifPresentOrElse(s -> s.write(out), () -> out.u16(TpmPublic.NULL));
    out.u16(hash.id());
  }

  @Override
  public StartAuthSession.Result result(Response response) {
    return new Result(response.handle(), response.parameters().sized(64, "nonceTPM"));
  }
}
