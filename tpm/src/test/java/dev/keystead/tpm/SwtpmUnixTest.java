package dev.keystead.tpm;

import dev.keystead.tpm.transport.TpmAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** swtpm over a Unix socket. */
class SwtpmUnixTest extends TpmContract {
  @TempDir Path directory;
  private @Nullable Swtpm swtpm;

  @Override
  Tpm open() throws Exception {
    Path socket = directory.resolve("tpm.sock");
    swtpm = Swtpm.unix(directory, socket);
    return swtpm.connect(new TpmAddress.SwtpmUnix(socket));
  }

  @Override
  void stop() {
    if (swtpm != null) {
      swtpm.close();
    }
  }
}
