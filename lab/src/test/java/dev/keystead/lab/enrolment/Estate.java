package dev.keystead.lab.enrolment;

import dev.keystead.control.ControlIdentity;
import dev.keystead.control.registrar.Registrar;
import dev.keystead.control.registrar.RegistrarConfig;
import dev.keystead.control.verifier.Timing;
import dev.keystead.control.verifier.Verifier;
import dev.keystead.control.verifier.VerifierConfig;
import dev.keystead.evidence.endorsement.EndorsementStore;
import dev.keystead.http.ClientLimits;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpClient;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.keylime.AgentId;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.agent.Agent;
import dev.keystead.node.agent.AgentConfig;
import dev.keystead.node.agent.AgentName;
import dev.keystead.node.embedded.TpmMaker;
import dev.keystead.tenant.Tenant;
import dev.keystead.tenant.TenantConfig;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** A registrar, a verifier, agents with embedded TPMs of one maker, and their owner. */
final class Estate {
  private static final String HOST = "127.0.0.1";
  private static final InstantSource CLOCK = InstantSource.system();

  private final Path folder;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final EventLoops loops = EventLoops.start(2);
  private final Registrar registrar;
  private final Tenant tenant;

  Estate(Path folder) throws IOException {
    this.folder = folder;
    parts.push(loops);
    ControlIdentity identity = ControlIdentity.open(folder.resolve("cv_ca"), CLOCK);
    registrar =
        Registrar.start(
            RegistrarConfig.of(
                free(), free(), identity.server(), identity.trust(), folder.resolve("reg.db")),
            loops);
    parts.push(registrar);
    Verifier verifier =
        Verifier.start(
            VerifierConfig.of(
                    free(),
                    identity.server(),
                    identity.client(),
                    identity.trust(),
                    folder.resolve("verifier.db"))
                .with(Timing.DEFAULT.every(Duration.ofMillis(100))),
            loops);
    parts.push(verifier);
    HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
    parts.push(client);
    ClientTls tls = ClientTls.mutual(identity.client(), identity.trust());
    tenant =
        new Tenant(
            new TenantConfig(
                Endpoint.tls(HOST, registrar.tlsPort(), tls),
                Endpoint.tls(HOST, verifier.port(), tls),
                identity.client(),
                Duration.ofSeconds(10)),
            client,
            new SecureRandom(),
            CLOCK);
  }

  private static InetSocketAddress free() {
    return new InetSocketAddress(InetAddress.ofLiteral(HOST), 0);
  }

  Tenant tenant() {
    return tenant;
  }

  /** The maker of all its TPMs. */
  EndorsementStore maker() throws CertificateEncodingException {
    return EndorsementStore.of(List.of(TpmMaker.open(folder.resolve("maker")).root().getEncoded()));
  }

  /** An agent that is registered and activated. */
  Agent agent(AgentId id, Path imaList, Consumer<AgentEvent> events) throws Exception {
    Path work = folder.resolve(id.value());
    Path secure = Path.of("/dev/shm/keystead-test-" + UUID.randomUUID());
    AgentConfig config =
        AgentConfig.of(
                new AgentName.Fixed(id),
                work,
                HOST,
                Endpoint.plain(HOST, registrar.plainPort()),
                folder.resolve("cv_ca").resolve("cacert.crt"))
            .with(
                new AgentConfig.Tpm(
                    new TpmAddress.Embedded(work.resolve("tpm")),
                    Optional.of(folder.resolve("maker"))))
            .with(new AgentConfig.Listen(InetAddress.ofLiteral(HOST), 0))
            .with(new AgentConfig.Logs(imaList, folder.resolve("no-boot-log"), true))
            .with(new AgentConfig.Secure(Optional.of(secure), 1 << 20, true))
            .with(events::accept);
    Agent agent = Agent.start(config);
    parts.push(agent);
    if (!agent.awaitActivated(Duration.ofSeconds(30))) {
      throw new AssertionError(id + " was not activated");
    }
    return agent;
  }

  Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  void close() throws Exception {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }
}
