package dev.keystead.lab.peers;

import dev.keystead.keylime.AgentId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Keylime's own tenant, with its configuration for one control plane. */
final class KeylimeTenant {
  private static final String MANY =
      """
      import sys
      from keylime import tenant
      for line in sys.stdin:
          sys.argv = ['keylime_tenant'] + line.rstrip('\\n').split('\\t')
          tenant.main()
      """;

  private final Installed keylime = Installed.servers();
  private final Settings settings;
  private final Path work;

  /**
   * @param makers PEM certificates of those who made the TPMs
   */
  KeylimeTenant(Path home, Places places, List<Path> makers)
      throws IOException, InterruptedException {
    Files.createDirectories(home);
    settings = Settings.of(keylime, home);
    work = places.work();
    Path store = Files.createDirectories(home.resolve("store"));
    for (Path maker : makers) {
      Files.copy(maker, store.resolve(maker.getFileName()));
    }
    settings
        .set("tenant", "registrar_port", Integer.toString(places.registrar()))
        .set("tenant", "verifier_port", Integer.toString(places.verifier()))
        .set("tenant", "tpm_cert_store", store.toString());
  }

  Settings settings() {
    return settings;
  }

  /** Gives one order, which must be carried out; what it prints. */
  String order(String command, String... more) throws IOException, InterruptedException {
    return run(command, List.of(more)).good().output();
  }

  /** Gives one order, whatever comes of it. */
  Command.Ended run(String command, List<String> more) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(keylime.program("keylime_tenant"), "-c", command));
    line.addAll(more);
    return Command.environment(settings.environment(work)).in(work).typing("default\n").run(line);
  }

  /** Gives many orders in one run of its program, which takes longest to start. */
  void orders(List<List<String>> orders) throws IOException, InterruptedException {
    String lines =
        orders.stream().map(order -> String.join("\t", order) + "\n").collect(Collectors.joining());
    var _ =
        Command.environment(settings.environment(work))
            .in(work)
            .typing(lines)
            .run(List.of(keylime.program("python"), "-c", MANY))
            .good();
  }

  /**
   * Enrols a node with a named policy for its files and a package of certificate, actions and key
   * for revocations, and waits until it has its key.
   */
  String add(AgentId id, String policyName, Path authority, Path include)
      throws IOException, InterruptedException {
    return order(
        "add",
        "-u",
        id.value(),
        "--runtime-policy-name",
        policyName,
        "--cert",
        authority.toString(),
        "--include",
        include.toString(),
        "--verify");
  }

  /** Runs Keylime's policy tool. */
  String policy(String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(keylime.program("keylime-policy")));
    line.addAll(List.of(arguments));
    return Command.environment(settings.environment(work)).in(work).run(line).good().output();
  }

  /** Runs Keylime's tool for certificates. */
  String authority(String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(keylime.program("keylime_ca")));
    line.addAll(List.of(arguments));
    return Command.environment(settings.environment(work))
        .in(work)
        .typing("default\n")
        .run(line)
        .good()
        .output();
  }
}
