package dev.keystead.tpm;

import dev.keystead.tpm.transport.TpmAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** swtpm over TCP. */
class SwtpmTcpTest extends TpmContract {
  @TempDir Path directory;
  private @Nullable Swtpm swtpm;

  @Override
  Tpm open() throws Exception {
    int port = Swtpm.freePort();
    swtpm = Swtpm.tcp(directory, port);
    return swtpm.connect(new TpmAddress.SwtpmTcp("127.0.0.1", port));
  }

  @Override
  void stop() {
    if (swtpm != null) {
      swtpm.close();
    }
  }
}
