package dev.keystead.lab.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.lab.enrolment.MeasuredFiles;
import dev.keystead.lab.process.Running;
import dev.keystead.node.secure.PrivateTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registrar, verifier, one push and one pull agent, each as its own process, and their owner. */
@Tag("slow")
class PushAgentTest {
  @TempDir private Path folder;

  private final Path secrets = Path.of("/dev/shm/keystead-test-" + UUID.randomUUID());
  private final Deque<Running> running = new ArrayDeque<>();

  @AfterEach
  void end() throws IOException {
    running.forEach(Running::close);
    PrivateTree.delete(secrets);
  }

  @Test
  void aPushAgentIsWatchedAndCaughtAndTheOthersActOnIt() throws Exception {
    Running registrar =
        run(
            "registrar",
            List.of("--listen", "127.0.0.1:0", "--listen-tls", "127.0.0.1:0"),
            List.of("--tls-dir", path("cv_ca"), "--store", path("registrar.db")));
    List<String> ports = ports(registrar);
    Running verifier =
        run(
            "verifier",
            List.of("--listen", "127.0.0.1:0", "--interval", "1000"),
            List.of("--tls-dir", path("cv_ca"), "--store", path("verifier.db")));
    String port = ports(verifier).getFirst();
    List<String> servers =
        List.of(
            "--registrar",
            "127.0.0.1:" + ports.get(1),
            "--verifier",
            "127.0.0.1:" + port,
            "--tls-dir",
            path("cv_ca"));

    MeasuredFiles files = MeasuredFiles.in(Files.createDirectory(folder.resolve("files")));
    Running push =
        agent(
            "pushed",
            ports.getFirst(),
            files,
            "--mode",
            "push",
            "--verifier",
            "127.0.0.1:" + port,
            "--verifier-ca",
            path("cv_ca/cacert.crt"));
    Running pull =
        agent(
            "pulled",
            ports.getFirst(),
            files,
            "--listen",
            "127.0.0.1:0",
            "--clients",
            path("cv_ca/cacert.crt"),
            "--secure-dir",
            secrets.toString());
    pull.await(0, "activated");
    // A push agent tries before it is enrolled, and gets there by itself.
    push.await(0, "evidence-not-taken");

    Files.writeString(folder.resolve("action_list"), "note\n");
    Files.writeString(folder.resolve("note"), "#!/bin/sh\nexit 0\n");
    String policy = files.policy(folder.resolve("policy.json")).toString();
    List<String> judged = List.of("--unendorsed", "--policy", policy, "--cert", path("authority"));
    owner(
        servers,
        List.of("add", "pulled", "--include", path("action_list") + "," + path("note")),
        judged);
    pull.await(0, "bootstrapped");
    owner(servers, List.of("add", "pushed", "--push-model"), judged);
    verifier.await(0, "passed", "pushed");
    push.await(0, "evidence-brought");
    assertThat(owner(servers, List.of("status", "pushed"), List.of())).contains("PASS");

    int before = verifier.said();
    int refused = push.said();
    files.run("/usr/bin/evil");
    verifier.await(before, "failed", "pushed", "/usr/bin/evil");
    pull.await(0, "revocation-taken", "pushed");
    pull.await(0, "action-ran", "note", "exit=0");
    assertThat(push.await(refused, "evidence-not-taken")).contains("403");

    files.policy(Path.of(policy));
    int again = verifier.said();
    owner(servers, List.of("delete", "pushed"), List.of());
    owner(servers, List.of("add", "pushed", "--push-model"), judged);
    verifier.await(again, "passed", "pushed");
  }

  private Running agent(String name, String registrar, MeasuredFiles files, String... more)
      throws IOException {
    return start(
        name,
        List.of("agent", "--id", name, "--work", path(name), "--contact", "127.0.0.1"),
        List.of(
            "--tpm", "embedded:" + path(name + "-tpm"), "--registrar", "127.0.0.1:" + registrar),
        List.of("--ima-list", files.list().toString(), "--emulate-ima"),
        List.of(more));
  }

  private Running run(String server, List<String> one, List<String> two) throws IOException {
    return start(server, List.of(server), one, two);
  }

  @SafeVarargs
  private Running start(String name, List<String>... arguments) throws IOException {
    List<String> all = new ArrayList<>();
    for (List<String> some : arguments) {
      all.addAll(some);
    }
    Running started = new Running(folder.resolve(name + ".err"), all.toArray(String[]::new));
    running.push(started);
    return started;
  }

  private String owner(List<String> servers, List<String> order, List<String> more)
      throws Exception {
    List<String> command = new ArrayList<>(Running.command());
    command.add("node");
    command.addAll(order);
    command.addAll(more);
    command.addAll(servers);
    Path out = folder.resolve("owner.out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(out)).isZero();
    return Files.readString(out);
  }

  private static List<String> ports(Running server) throws Exception {
    Matcher ports =
        Pattern.compile("ports=\\[([0-9,]+)]").matcher(server.await(0, "listening", "ports="));
    assertThat(ports.find()).isTrue();
    return List.of(ports.group(1).split(","));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }
}
