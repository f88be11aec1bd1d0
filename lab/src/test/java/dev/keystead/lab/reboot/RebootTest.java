package dev.keystead.lab.reboot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.lab.enrolment.MeasuredFiles;
import dev.keystead.lab.process.Running;
import dev.keystead.lab.process.Swtpm;
import dev.keystead.node.secure.PrivateTree;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.command.Lifecycle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A reboot with the tenant away: the keys come back from the verifier; with the verifier away, too,
 * they do not. Registrar, verifier, agent and TPM are processes; the tenant is there once.
 */
@Tag("slow")
class RebootTest {
  @TempDir private Path folder;

  private final Path secrets = Path.of("/dev/shm/keystead-test-" + UUID.randomUUID());
  private final List<Running> running = new ArrayList<>();
  private List<Integer> ports = List.of();
  private MeasuredFiles files;
  private Swtpm tpm;

  @BeforeEach
  void start() throws Exception {
    ports = freePorts();
    files = MeasuredFiles.in(Files.createDirectory(folder.resolve("files")));
    tpm = Swtpm.start(folder);
    running.add(
        new Running(
            folder.resolve("registrar.err"),
            "registrar",
            "--listen",
            address(0),
            "--listen-tls",
            address(1),
            "--tls-dir",
            path("cv_ca"),
            "--store",
            path("registrar.db")));
    running.getFirst().await(0, "listening");
  }

  @AfterEach
  void end() throws Exception {
    running.forEach(Running::close);
    tpm.close();
    PrivateTree.delete(secrets);
  }

  @Test
  void theKeysComeBackFromTheVerifierAndFromNobodyElse() throws Exception {
    Running verifier = verifier();
    Running agent = agent();
    agent.await(0, "activated");
    Files.writeString(folder.resolve("secret"), "for this machine");
    owner(
        "add",
        "machine",
        "--unendorsed",
        "--payload",
        path("secret"),
        "--policy",
        files.policy(folder.resolve("policy.json")).toString());
    agent.await(0, "share-kept");
    assertThat(payload()).hasContent("for this machine");

    reboot(agent);
    assertThat(payload()).doesNotExist();
    Running again = agent();
    again.await(0, "share-kept");
    assertThat(payload()).hasContent("for this machine");

    verifier.kill();
    reboot(again);
    Running lonely = agent();
    lonely.await(0, "activated");
    Thread.sleep(3000);
    assertThat(payload()).doesNotExist();
    Running back = verifier();
    lonely.await(0, "bootstrapped");
    assertThat(payload()).hasContent("for this machine");
    back.await(0, "share-delivered", "machine");
  }

  /** The machine loses its memory; its TPM is told, as a kernel tells it. */
  private void reboot(Running agent) throws Exception {
    agent.kill();
    PrivateTree.delete(secrets);
    try (Tpm off = tpm.connect()) {
      off.execute(new Lifecycle.Shutdown());
    }
    tpm.close();
    tpm = Swtpm.start(folder);
    tpm.connect().close();
  }

  private Path payload() {
    return secrets.resolve("unzipped/decrypted_payload");
  }

  private Running verifier() throws Exception {
    Running started =
        new Running(
            folder.resolve("verifier.err"),
            "verifier",
            "--listen",
            address(2),
            "--interval",
            "500",
            "--tls-dir",
            path("cv_ca"),
            "--store",
            path("verifier.db"));
    running.add(started);
    started.await(0, "listening");
    return started;
  }

  private Running agent() throws Exception {
    Running started =
        new Running(
            folder.resolve("agent.err"),
            "agent",
            "--id",
            "machine",
            "--work",
            path("work"),
            "--contact",
            "127.0.0.1",
            "--listen",
            address(3),
            "--tpm",
            "unix:" + tpm.address().path(),
            "--registrar",
            address(0),
            "--clients",
            path("cv_ca/cacert.crt"),
            "--secure-dir",
            secrets.toString(),
            "--ima-list",
            files.list().toString(),
            "--boot-log",
            path("none"),
            "--emulate-ima");
    running.add(started);
    return started;
  }

  private void owner(String... order) throws Exception {
    List<String> command = new ArrayList<>(Running.command());
    command.add("node");
    command.addAll(List.of(order));
    command.addAll(
        List.of("--registrar", address(1), "--verifier", address(2), "--tls-dir", path("cv_ca")));
    Path out = folder.resolve("owner.out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(out)).isZero();
  }

  private String address(int part) {
    return "127.0.0.1:" + ports.get(part);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static List<Integer> freePorts() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
