package dev.keystead.lab.peers;

import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An swtpm process with endorsement certificates of one maker, as a machine leaves the factory. */
final class Chip implements AutoCloseable {
  private final Process process;
  private final int port;

  private Chip(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Makes one in a new folder; the maker's folder is made at its first. */
  static Chip make(Path folder, Path maker) throws IOException, InterruptedException {
    Path state = Files.createDirectories(folder.resolve("state"));
    Files.createDirectories(maker);
    Path options = folder.resolve("options");
    Files.writeString(
        options, "--platform-manufacturer K\n--platform-version 1\n--platform-model K\n");
    Path authority = folder.resolve("ca.conf");
    Files.writeString(
        authority,
        "statedir = %1$s%nsigningkey = %1$s/key.pem%nissuercert = %2$s%ncertserial = %1$s/serial%n"
            .formatted(maker, issuer(maker)));
    Path setup = folder.resolve("setup.conf");
    Files.writeString(
        setup,
        "create_certs_tool = /usr/bin/swtpm_localca%ncreate_certs_tool_config = %s%n"
                .formatted(authority)
            + "create_certs_tool_options = %s%n".formatted(options));
    Command.environment(Map.of())
        .in(folder)
        .run(
            List.of(
                "swtpm_setup",
                "--tpm2",
                "--tpmstate",
                state.toString(),
                "--create-ek-cert",
                "--pcr-banks",
                "sha256",
                "--config",
                setup.toString()))
        .good();
    int port = freePair();
    Process process =
        Command.environment(Map.of())
            .in(folder)
            .start(
                List.of(
                    "swtpm",
                    "socket",
                    "--tpm2",
                    "--tpmstate",
                    "dir=" + state,
                    "--server",
                    "type=tcp,bindaddr=127.0.0.1,port=" + port,
                    "--ctrl",
                    "type=tcp,bindaddr=127.0.0.1,port=" + (port + 1),
                    "--flags",
                    "not-need-init,startup-clear"),
                folder.resolve("swtpm.log"));
    return new Chip(process, port);
  }

  /** What has signed its certificates. */
  static Path issuer(Path maker) {
    return maker.resolve("issuer.pem");
  }

  /** What has signed the issuer. */
  static Path root(Path maker) {
    return maker.resolve("swtpm-localca-rootca-cert.pem");
  }

  private static int freePair() throws IOException {
    for (int i = 0; ; i++) {
      int port = Background.freePorts(1).getFirst();
      try (ServerSocket next = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
        return next.getLocalPort() - 1;
      } catch (IOException e) {
        if (i == 20) {
          throw e;
        }
      }
    }
  }

  TpmAddress.SwtpmTcp address() {
    return new TpmAddress.SwtpmTcp("127.0.0.1", port);
  }

  /** As tpm2-tools are told of it. */
  String tools() {
    return "swtpm:host=127.0.0.1,port=" + port;
  }

  /** Connects as soon as it listens. */
  Tpm connect() throws TpmException, InterruptedException {
    for (int i = 0; ; i++) {
      try {
        return address().open();
      } catch (TpmException e) {
        if (i == 100 || !process.isAlive()) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
