package dev.keystead.lab.peers;

import dev.keystead.http.Endpoint;
import dev.keystead.keylime.AgentId;
import dev.keystead.lab.enrolment.MeasuredFiles;
import dev.keystead.node.agent.Agent;
import dev.keystead.node.agent.AgentConfig;
import dev.keystead.node.agent.AgentName;
import dev.keystead.node.identity.KeyAlgorithms;
import dev.keystead.node.secure.PrivateTree;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** A machine with an swtpm of its own and our agent, with the keys that every tenant accepts. */
final class OurMachine implements Machine {
  private final AgentId id;
  private final MeasuredFiles files;
  private final Path secrets = Path.of("/dev/shm/keystead-peers-" + UUID.randomUUID());
  private final Chip chip;
  private final Agent agent;

  /** Starts it; it registers and activates. */
  OurMachine(String name, Path home, Path maker, Places places)
      throws IOException, InterruptedException {
    id = AgentId.of(name);
    Path folder = Files.createDirectories(home.resolve(name));
    files = MeasuredFiles.in(folder);
    chip = Chip.make(folder, maker);
    chip.connect().close();
    agent =
        Agent.start(
            AgentConfig.of(
                    new AgentName.Fixed(id),
                    folder.resolve("work"),
                    "127.0.0.1",
                    Endpoint.plain("127.0.0.1", places.registration()),
                    places.identity().resolve("cacert.crt"))
                .with(new AgentConfig.Tpm(chip.address(), Optional.empty()))
                .with(KeyAlgorithms.named("rsa2048"), HashAlg.SHA256)
                .with(new AgentConfig.Listen(InetAddress.getLoopbackAddress(), 0))
                .with(new AgentConfig.Logs(files.list(), folder.resolve("no-boot-log"), true))
                .with(new AgentConfig.Secure(Optional.of(secrets), 1, false))
                .with(new AgentConfig.Retry(Duration.ofMillis(100), Duration.ofSeconds(1))));
    if (!agent.awaitActivated(Duration.ofSeconds(30))) {
      throw new AssertionError(name + " was not activated");
    }
  }

  @Override
  public AgentId id() {
    return id;
  }

  @Override
  public MeasuredFiles files() {
    return files;
  }

  @Override
  public Path payload() {
    return agent.payload();
  }

  @Override
  public void run(String path) throws IOException {
    files.run(path);
  }

  @Override
  public void close() throws IOException {
    agent.close();
    chip.close();
    if (Files.exists(secrets)) {
      PrivateTree.delete(secrets);
    }
  }
}
