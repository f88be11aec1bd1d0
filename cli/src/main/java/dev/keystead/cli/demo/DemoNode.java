package dev.keystead.cli.demo;

import dev.keystead.http.Endpoint;
import dev.keystead.keylime.AgentId;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.agent.Agent;
import dev.keystead.node.agent.AgentConfig;
import dev.keystead.node.agent.AgentName;
import dev.keystead.node.revocation.ActionSettings;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** A machine: programs that run on it, the list of them, a TPM of its own, and an agent. */
final class DemoNode implements AutoCloseable {
  /** The action that a node runs when another is revoked; it keeps the message. */
  static final String ACTION = "drop_peer.sh";

  /** What the action leaves behind. */
  static final String MARKER = "dropped_peer.json";

  private final AgentId id;
  private final Path programs;
  private final MeasuredList list;
  private final Agent agent;
  private final Seen<AgentEvent> events = new Seen<>();

  DemoNode(AgentId id, Path folder, Path maker, Endpoint registrar, Path authority)
      throws IOException {
    this.id = id;
    this.programs = Files.createDirectories(folder.resolve("programs"));
    this.list = new MeasuredList(folder.resolve("ascii_runtime_measurements"));
    for (String name : List.of("init", "web-server", "backup")) {
      run(name);
    }
    Path actions = Files.createDirectories(folder.resolve("actions"));
    script(actions.resolve(ACTION), "cp \"$1\" " + MARKER);
    Path work = folder.resolve("agent");
    agent =
        Agent.start(
            AgentConfig.of(new AgentName.Fixed(id), work, "127.0.0.1", registrar, authority)
                .with(
                    new AgentConfig.Tpm(
                        new TpmAddress.Embedded(work.resolve("tpm")), Optional.of(maker)))
                .with(new AgentConfig.Listen(InetAddress.ofLiteral("127.0.0.1"), 0))
                .with(new AgentConfig.Logs(list.file(), folder.resolve("no_boot_log"), true))
                .with(
                    new ActionSettings(
                        List.of(),
                        Optional.of(actions),
                        false,
                        ActionSettings.DEFAULT.time(),
                        ActionSettings.DEFAULT.fresh()))
                .with(new AgentConfig.Secure(Optional.empty(), 8 << 20, true))
                .with(events::add));
  }

  /** Puts a program on the machine and has it measured, as if it was run. */
  Path run(String name) throws IOException {
    Path program = programs.resolve(name);
    script(program, "echo I am " + name);
    list.measure(program);
    return program;
  }

  private static void script(Path file, String line) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  AgentId id() {
    return id;
  }

  MeasuredList list() {
    return list;
  }

  Agent agent() {
    return agent;
  }

  Seen<AgentEvent> events() {
    return events;
  }

  @Override
  public void close() {
    agent.close();
  }
}
