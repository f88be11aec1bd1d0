package dev.keystead.tpm;

import dev.keystead.tpm.transport.TpmAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** libtpms in this process. */
class EmbeddedTpmTest extends TpmContract {
  @TempDir Path directory;

  @Override
  Tpm open() throws TpmException {
    return new TpmAddress.Embedded(directory.resolve("state")).open();
  }
}
