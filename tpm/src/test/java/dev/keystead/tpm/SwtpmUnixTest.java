package dev.keystead.tpm;

import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.session.SessionSpec;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.KeyTemplate;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** swtpm over a Unix socket. */
class SwtpmUnixTest extends TpmContract {
  private static final TpmPublic KEY = KeyTemplate.attestationEcc(EccCurve.P256, HashAlg.SHA256);

  @TempDir Path directory;
  private @Nullable Swtpm swtpm;

  private Path socket() {
    return directory.resolve("tpm.sock");
  }

  @Override
  Tpm open() throws Exception {
    swtpm = Swtpm.unix(directory, socket());
    return swtpm.connect(new TpmAddress.SwtpmUnix(socket()));
  }

  @Override
  void stop() {
    if (swtpm != null) {
      swtpm.close();
    }
  }

  @Test
  void whatAKilledClientLeftDoesNotFillTheTpm() throws Exception {
    for (int i = 0; i < 5; i++) {
      var _ = tpm.execute(new CreatePrimary(Handle.OWNER.withEmptyAuth(), KEY));
      var _ = SessionSpec.policy().open(tpm);
      tpm.close();
      tpm = new TpmAddress.SwtpmUnix(socket()).open();
    }
  }
}
