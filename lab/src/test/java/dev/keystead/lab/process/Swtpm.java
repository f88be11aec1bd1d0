package dev.keystead.lab.process;

import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A TPM in a process of its own: it outlives the programs that use it, as a chip does. */
public final class Swtpm implements AutoCloseable {
  private final Process process;
  private final TpmAddress.SwtpmUnix address;

  private Swtpm(Process process, TpmAddress.SwtpmUnix address) {
    this.process = process;
    this.address = address;
  }

  /** Starts it on the state in {@code folder}, or on a new state. */
  public static Swtpm start(Path folder) throws IOException {
    Path state = Files.createDirectories(folder.resolve("state"));
    TpmAddress.SwtpmUnix address = new TpmAddress.SwtpmUnix(folder.resolve("swtpm.sock"));
    Process process =
        new ProcessBuilder(
                List.of(
                    "swtpm",
                    "socket",
                    "--tpm2",
                    "--tpmstate",
                    "dir=" + state,
                    "--server",
                    "type=unixio,path=" + address.path(),
                    "--flags",
                    "not-need-init,startup-clear"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("swtpm.log").toFile())
            .start();
    return new Swtpm(process, address);
  }

  /** Where it is. */
  public TpmAddress.SwtpmUnix address() {
    return address;
  }

  /** Connects as soon as it listens. It serves one client at a time. */
  public Tpm connect() throws TpmException, InterruptedException {
    for (int i = 0; ; i++) {
      try {
        return address.open();
      } catch (TpmException e) {
        if (i == 1000 || !process.isAlive()) {
          throw e;
        }
        Thread.sleep(10);
      }
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
