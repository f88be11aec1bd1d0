package dev.keystead.lab.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.cli.KeysteadCommand;
import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.OperationalState;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A Keylime installation with twenty nodes becomes ours, and Keylime's again. */
@Tag("slow")
@Tag("peers")
class MigrationTest {
  private static final int NODES = 20;
  @TempDir private Path folder;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<Machine> machines = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }

  private <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    return part;
  }

  @Test
  void twentyNodesAreTakenOverWithoutARestartAndTheWayBackStaysOpen() throws Exception {
    KeylimeServers keylime = part(new KeylimeServers(folder.resolve("keylime")));
    keylime.settings().set("tenant", "accept_tpm_signing_algs", "['ecdsa','rsassa']");
    keylime.start();
    Path maker = folder.resolve("maker");
    for (int i = 0; i < NODES; i++) {
      machines.add(part(new SmallMachine("node-" + i, folder, maker, keylime.places())));
    }
    enrol(keylime, maker);
    try (OurTenant watcher = new OurTenant(keylime.places())) {
      awaitTrusted(watcher, machines, 1);
    }

    Path ours = folder.resolve("ours");
    Fields dry = migrate(0, keylime, "--to", ours.toString());
    assertThat(dry.bool("switched")).isFalse();
    assertThat(counted(dry, "node", "taken")).isEqualTo(NODES);
    assertThat(counted(dry, "registration", "taken")).isEqualTo(NODES);
    assertThat(counted(dry, "runtime policy", "taken")).isEqualTo(2);
    assertThat(dry.object("counts").integer("refused", 0, 100)).isZero();
    assertThat(ours).doesNotExist();
    migrate(1, keylime, "--switch", "--to", ours.toString());
    assertThat(ours).as("with Keylime's servers still running").doesNotExist();

    keylime.close();
    Map<String, String> before = digests(keylime.work());
    Fields done = migrate(0, keylime, "--switch", "--to", ours.toString());
    assertThat(done.bool("switched")).isTrue();
    assertThat(counted(done, "node", "taken")).isEqualTo(NODES);

    Machine tampered = machines.get(7);
    Machine removed = machines.get(11);
    List<Machine> honest = new ArrayList<>(machines);
    honest.remove(tampered);
    try (OurServers servers = OurServers.inPlaceOf(keylime.places(), ours);
        OurTenant watcher = new OurTenant(servers.places())) {
      awaitTrusted(watcher, machines, 3);
      tampered.run("/tmp/evil");
      var _ = awaitFoundOut(watcher, tampered);
      awaitTrusted(watcher, honest, 5);
      var _ = watcher.orders().delete(removed.id(), false);
    }

    Fields back = migrate(0, keylime, "--back", "--to", ours.toString());
    assertThat(back.bool("untouched")).isTrue();
    assertThat(texts(back, "removed")).containsExactly(removed.id().value());
    assertThat(texts(back, "failed")).containsExactly(tampered.id().value());
    assertThat(texts(back, "enrolled")).isEmpty();
    assertThat(digests(keylime.work())).isEqualTo(before);

    keylime.start();
    try (OurTenant watcher = new OurTenant(keylime.places())) {
      awaitTrusted(watcher, honest, 2);
      var _ = awaitFoundOut(watcher, tampered);
    }
    keylime.close();
    migrate(0, keylime, "--close", "--to", ours.toString());
    migrate(1, keylime, "--back", "--to", ours.toString());
  }

  /** One node has a policy of its own, the others share one by its name. */
  private void enrol(KeylimeServers keylime, Path maker) throws Exception {
    KeylimeTenant tenant =
        new KeylimeTenant(
            folder.resolve("tenant"), keylime.places(), List.of(maker.resolve("maker-root.pem")));
    tenant.settings().set("tenant", "accept_tpm_signing_algs", "['ecdsa','rsassa']");
    String policy = machines.getFirst().files().policy(folder.resolve("policy.json")).toString();
    var _ =
        tenant.order(
            "addruntimepolicy", "--runtime-policy-name", "files", "--runtime-policy", policy);
    Path payload = Files.writeString(folder.resolve("payload.txt"), "a secret");
    List<List<String>> orders = new ArrayList<>();
    for (Machine machine : machines) {
      boolean own = orders.isEmpty();
      orders.add(
          List.of(
              "-c",
              "add",
              "-u",
              machine.id().value(),
              own ? "--runtime-policy" : "--runtime-policy-name",
              own ? policy : "files",
              "-f",
              payload.toString()));
    }
    tenant.orders(orders);
  }

  private static void awaitTrusted(OurTenant watcher, List<Machine> machines, long more)
      throws InterruptedException {
    for (Machine machine : machines) {
      long least = watcher.status(machine.id()).orElseThrow().attestations() + more;
      var _ =
          watcher.await(
              machine.id(),
              "trusted after " + least + " attestations",
              s ->
                  s.attestationStatus() == AttestationStatus.PASS
                      && s.state() == OperationalState.GET_QUOTE
                      && s.attestations() >= least);
      assertThat(machine.payload()).isNotEmptyDirectory();
    }
  }

  private static Object awaitFoundOut(OurTenant watcher, Machine machine)
      throws InterruptedException {
    return watcher.await(
        machine.id(), "found out", s -> s.state() == OperationalState.INVALID_QUOTE);
  }

  private Fields migrate(int exit, KeylimeServers keylime, String... more) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "migrate",
                "keylime",
                "--config",
                keylime.settings().folder().toString(),
                "--keylime-dir",
                keylime.work().toString(),
                "--output",
                "json"));
    line.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = KeysteadCommand.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    assertThat(command.execute(line.toArray(String[]::new)))
        .as("%s: %s%s", line, out, err)
        .isEqualTo(exit);
    String text = out.toString();
    return text.isEmpty()
        ? Json.object().build().fields("nothing")
        : Json.parseObject(text.getBytes(StandardCharsets.UTF_8), Limits.POLICY).fields("result");
  }

  private static long counted(Fields report, String kind, String fate) {
    return report.list("items", 1000).stream()
        .map(Field::fields)
        .filter(item -> item.text("kind").equals(kind) && item.text("fate").equals(fate))
        .count();
  }

  private static List<String> texts(Fields fields, String name) {
    return fields.list(name, 1000).stream().map(f -> f.text(100)).toList();
  }

  private static Map<String, String> digests(Path folder) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] digest = HashAlg.SHA256.hash(Files.readAllBytes(file));
        digests.put(folder.relativize(file).toString(), HexFormat.of().formatHex(digest));
      }
    }
    return digests;
  }
}
