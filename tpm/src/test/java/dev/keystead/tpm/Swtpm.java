package dev.keystead.tpm;

import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A swtpm process with a new TPM in its own directory. */
final class Swtpm implements AutoCloseable {
  private final Process process;

  private Swtpm(Path directory, String server) throws IOException {
    Path state = Files.createDirectories(directory.resolve("state"));
    process =
        new ProcessBuilder(
                List.of(
                    "swtpm",
                    "socket",
                    "--tpm2",
                    "--tpmstate",
                    "dir=" + state,
                    "--server",
                    server,
                    "--flags",
                    "not-need-init,startup-clear"))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("swtpm.log").toFile())
            .start();
  }

  static Swtpm tcp(Path directory, int port) throws IOException {
    return new Swtpm(directory, "type=tcp,bindaddr=127.0.0.1,port=" + port);
  }

  static Swtpm unix(Path directory, Path socket) throws IOException {
    return new Swtpm(directory, "type=unixio,path=" + socket);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Connects as soon as the process listens. */
  Tpm connect(TpmAddress address) throws Exception {
    for (int i = 0; ; i++) {
      try {
        return address.open();
      } catch (TpmException e) {
        if (i == 500 || !process.isAlive()) {
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
