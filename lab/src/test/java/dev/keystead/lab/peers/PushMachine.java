package dev.keystead.lab.peers;

import dev.keystead.http.Endpoint;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.TrustedCertificates;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.lab.enrolment.MeasuredFiles;
import dev.keystead.node.agent.AgentConfig;
import dev.keystead.node.agent.AgentName;
import dev.keystead.node.identity.KeyAlgorithms;
import dev.keystead.node.push.PushAgent;
import dev.keystead.node.push.PushConfig;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A machine with an swtpm of its own, whose agent of ours brings its evidence to the verifier. */
final class PushMachine implements AutoCloseable {
  private final AgentId id;
  private final MeasuredFiles files;
  private final Chip chip;
  private final PushAgent agent;

  /** Starts it; it registers and activates. */
  PushMachine(String name, Path home, Path maker, Places places)
      throws IOException, InterruptedException {
    id = AgentId.of(name);
    Path folder = Files.createDirectories(home.resolve(name));
    files = MeasuredFiles.in(folder);
    chip = Chip.make(folder, maker);
    chip.connect().close();
    TrustedCertificates trust =
        TrustedCertificates.authorities(
            List.of(
                Certificates.oneFromPem(
                    Files.readString(places.identity().resolve("cacert.crt")))));
    agent =
        PushAgent.start(
            PushConfig.of(
                    new AgentName.Fixed(id),
                    folder.resolve("work"),
                    new ContactAddress("127.0.0.1", 9002),
                    Endpoint.plain("127.0.0.1", places.registration()),
                    Endpoint.tls("127.0.0.1", places.verifier(), ClientTls.anonymous(trust)))
                .with(
                    new AgentConfig.Tpm(chip.address(), Optional.empty()),
                    KeyAlgorithms.named("rsa2048"),
                    HashAlg.SHA256)
                .with(new AgentConfig.Logs(files.list(), folder.resolve("no-boot-log"), true)));
    if (!agent.awaitActivated(Duration.ofSeconds(30))) {
      throw new AssertionError(name + " was not activated");
    }
  }

  AgentId id() {
    return id;
  }

  MeasuredFiles files() {
    return files;
  }

  @Override
  public void close() {
    agent.close();
    chip.close();
  }
}
