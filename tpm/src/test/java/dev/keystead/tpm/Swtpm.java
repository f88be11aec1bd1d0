package dev.keystead.tpm;

import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A swtpm process with a new TPM in its own directory. */
final class Swtpm implements AutoCloseable {
  private final Process process;

  private Swtpm(Path directory, String server, String... more) throws IOException {
    Path state = Files.createDirectories(directory.resolve("state"));
    List<String> command =
        new ArrayList<>(
            List.of(
                "swtpm",
                "socket",
                "--tpm2",
                "--tpmstate",
                "dir=" + state,
                "--server",
                server,
                "--flags",
                "not-need-init,startup-clear"));
    command.addAll(List.of(more));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("swtpm.log").toFile())
            .start();
  }

  static Swtpm tcp(Path directory, int port) throws IOException {
    return new Swtpm(directory, "type=tcp,bindaddr=127.0.0.1,port=" + port);
  }

  /** With a control channel on the next port, as the tools expect it. */
  static Swtpm forTools(Path directory, int port) throws IOException {
    return new Swtpm(
        directory,
        "type=tcp,bindaddr=127.0.0.1,port=" + port,
        "--ctrl",
        "type=tcp,bindaddr=127.0.0.1,port=" + (port + 1));
  }

  static Swtpm unix(Path directory, Path socket) throws IOException {
    return new Swtpm(directory, "type=unixio,path=" + socket);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A free port with another one behind it. */
  static int freePorts() throws IOException {
    for (int i = 0; ; i++) {
      int port = freePort();
      try (ServerSocket next = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
        return next.getLocalPort() - 1;
      } catch (IOException e) {
        if (i == 20) {
          throw e;
        }
      }
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
