package dev.keystead.node.agent;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.ClientLimits;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.http.tls.TrustedCertificates;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.Envelope;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.registration.Registration;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.secure.PrivateTree;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A registrar, an owner's certificates and the configuration of an agent with an embedded TPM. */
public final class TestNode implements AutoCloseable {
  public static final AgentId ID = AgentId.of("d432fbb3-d2f1-4a97-9ef7-75bd81c00000");

  final Path directory;
  final Path imaList;
  final Path secure;
  final ScriptedRegistrar registrar = new ScriptedRegistrar();
  final CertificateAuthority authority =
      CertificateAuthority.create(
          "owner", KeyType.EC_P256, Duration.ofDays(1), InstantSource.system());
  final BlockingQueue<AgentEvent> events = new LinkedBlockingQueue<>();
  final List<AgentEvent> seen = new CopyOnWriteArrayList<>();
  private final EventLoops loops = EventLoops.start(1);
  private final HttpClient http = HttpClient.open(loops, ClientLimits.defaults());
  private final TlsIdentity client = issue("verifier");

  public TestNode(Path directory) throws IOException {
    this.directory = directory;
    this.imaList = directory.resolve("ima.txt");
    this.secure = Path.of("/dev/shm/keystead-test-" + UUID.randomUUID());
    Files.writeString(directory.resolve("ca.pem"), Certificates.toPem(authority.certificate()));
  }

  TlsIdentity issue(String name) {
    return authority.issue(
        Subject.named(name), KeyType.EC_P256, Purpose.CLIENT, Duration.ofHours(12));
  }

  public AgentConfig config() {
    Path work = directory.resolve("work");
    return AgentConfig.of(
            new AgentName.Fixed(ID),
            work,
            "127.0.0.1",
            registrar.endpoint(),
            directory.resolve("ca.pem"))
        .with(
            new AgentConfig.Tpm(
                new TpmAddress.Embedded(work.resolve("tpm")),
                Optional.of(directory.resolve("maker"))))
        .with(new AgentConfig.Listen(InetAddress.getLoopbackAddress(), 0))
        .with(new AgentConfig.Logs(imaList, directory.resolve("boot.bin"), true))
        .with(new AgentConfig.Secure(Optional.of(secure), 1 << 20, false))
        .with(new AgentConfig.Retry(Duration.ofMillis(20), Duration.ofMillis(100)))
        .with(event -> {
          seen.add(event);
          events.add(event);
        });
  }

  Registration registration() {
    return Objects.requireNonNull(registrar.active.get(ID.value()));
  }

  /** What the agent answers to the owner's client. */
  HttpResponse send(Agent agent, ClientRequest request) throws Exception {
    return send(agent, request, client);
  }

  HttpResponse send(Agent agent, ClientRequest request, TlsIdentity as) throws Exception {
    MtlsCert.Certificate certificate =
        (MtlsCert.Certificate) registration().mtlsCert().orElseThrow();
    ClientTls tls = ClientTls.mutual(as, TrustedCertificates.pinned(certificate.certificate()));
    return http.exchange(Endpoint.tls("127.0.0.1", agent.port(), tls), request);
  }

  Json.Obj get(Agent agent, String target) throws Exception {
    Envelope envelope =
        Envelope.parse(send(agent, ClientRequest.get(target)).body(), Limits.EVIDENCE);
    if (envelope.code() != 200) {
      throw new AssertionError(target + ": " + envelope.code() + " " + envelope.status());
    }
    return envelope.results();
  }

  Envelope post(Agent agent, String target, Json.Obj body) throws Exception {
    return post(agent, target, body, client);
  }

  Envelope post(Agent agent, String target, Json.Obj body, TlsIdentity as) throws Exception {
    HttpResponse response = send(agent, ClientRequest.json("POST", target, body.toString()), as);
    return Envelope.parse(response.body(), Limits.WIRE);
  }

  /** The next event of this type, which comes within 30 s. */
  <E extends AgentEvent> E await(Class<E> type) throws InterruptedException {
    for (int i = 0; i < 10_000; i++) {
      AgentEvent event = events.poll(30, TimeUnit.SECONDS);
      if (event == null) {
        break;
      }
      if (type.isInstance(event)) {
        return type.cast(event);
      }
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + seen);
  }

  Agent start(AgentConfig config) throws InterruptedException {
    Agent agent = Agent.start(config);
    if (!agent.awaitActivated(Duration.ofSeconds(30))) {
      agent.close();
      throw new AssertionError("not activated: " + seen);
    }
    return agent;
  }

  @Override
  public void close() throws IOException {
    http.close();
    loops.close();
    registrar.close();
    PrivateTree.delete(secure);
  }
}
