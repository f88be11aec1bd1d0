package dev.keystead.node.agent;

import dev.keystead.http.ClientLimits;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpServer;
import dev.keystead.http.ServerConfig;
import dev.keystead.http.ServerLimits;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.http.tls.ServerTls;
import dev.keystead.http.tls.TrustedCertificates;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.bootstrap.PubkeyReply;
import dev.keystead.keylime.quote.AgentInfo;
import dev.keystead.keylime.quote.QuoteAlgorithms;
import dev.keystead.node.AgentException;
import dev.keystead.node.Audit;
import dev.keystead.node.bootstrap.Bootstrap;
import dev.keystead.node.bootstrap.KeptShare;
import dev.keystead.node.identity.NvSecret;
import dev.keystead.node.identity.QuoteSource;
import dev.keystead.node.identity.TpmIdentity;
import dev.keystead.node.ima.ImaEmulator;
import dev.keystead.node.ima.MeasurementFile;
import dev.keystead.node.payload.Delivery;
import dev.keystead.node.revocation.RevocationInbox;
import dev.keystead.node.revocation.RevocationSubscriber;
import dev.keystead.node.secure.SecureDirectory;
import dev.keystead.tpm.Tpm;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A node's agent: it registers, answers questions for evidence, takes its keys and its payload, and
 * acts on revocations, until it is closed. Everything that it must not forget is in its work
 * directory and its secure directory, so a killed agent goes on where it was.
 */
public final class Agent implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Agent.class.getName());
  private static final int MAX_AUTHORITIES = 256 << 10;

  private final Deque<AutoCloseable> parts;
  private final AgentId id;
  private final int port;
  private final Registering registering;
  private final Bootstrap bootstrap;
  private final Path payload;

  private Agent(
      Deque<AutoCloseable> parts,
      AgentId id,
      int port,
      Registering registering,
      Bootstrap bootstrap,
      Path payload) {
    this.parts = parts;
    this.id = id;
    this.port = port;
    this.registering = registering;
    this.bootstrap = bootstrap;
    this.payload = payload;
  }

  /**
   * Starts an agent: when this returns it answers on its port, and registers in the background.
   *
   * @throws AgentException when something that it needs is not there, in words
   */
  public static Agent start(AgentConfig config) {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      return start(config, parts);
    } catch (IOException | CredentialException e) {
      close(parts);
      throw new AgentException("the agent cannot start: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      close(parts);
      throw e;
    }
  }

  private static Agent start(AgentConfig config, Deque<AutoCloseable> parts) throws IOException {
    PrivateFiles.folder(config.work());
    parts.push(WorkLock.take(config.work()));
    SecureDirectory secure =
        SecureDirectory.open(config.work(), config.secure().directory(), config.secure().size());
    if (config.secure().removeOnStop()) {
      parts.push(secure::remove);
    }
    Tpm tpm = config.tpm().open(config.keys());
    parts.push(tpm);
    TpmIdentity identity = TpmIdentity.open(tpm, config.work(), config.keys(), config.hash());
    parts.push(identity);
    AgentId id = config.name().resolve(config.work(), identity.endorsementKey());
    AgentKeys keys =
        AgentKeys.open(config.work(), id, config.contactHost(), config.clock().instant());
    QuoteSource quotes =
        new QuoteSource(tpm, identity, config.hash(), Optional.of(keys.payloadKey()));
    Audit audit = new Audit(config.listener());
    Delivery delivery = new Delivery(secure.path(), config.payload(), audit);
    NvSecret nv = new NvSecret(quotes, identity, KeptShare.INDEX, config.tpm().owner());
    Bootstrap bootstrap =
        new Bootstrap(
            id,
            keys.payloadPrivate(),
            secure.path(),
            delivery,
            Optional.of(new KeptShare(config.work(), nv, audit)),
            audit);
    parts.push(bootstrap);
    RevocationInbox revocations =
        new RevocationInbox(
            config.actions(), secure.path(), delivery.directory(), config.clock(), audit);
    parts.push(revocations);
    config
        .actions()
        .publisher()
        .ifPresent(
            publisher -> parts.push(new RevocationSubscriber(publisher, revocations, audit)));
    QuoteAlgorithms algorithms = QuoteAlgorithms.of(identity.attestationKey());
    MeasurementFile ima = new MeasurementFile(config.logs().ima());
    parts.push(ima);
    EvidenceSource evidence =
        new EvidenceSource(
            quotes,
            config.logs().emulateIma() ? follower(tpm, ima) : _ -> 0L,
            algorithms,
            keys.payloadKey(),
            ima,
            config.logs().boot(),
            config.logs().launches(),
            config.listener());
    AgentRoutes routes =
        new AgentRoutes(
            new AgentInfo(id, algorithms, identity.handle().value()),
            new PubkeyReply(keys.payloadKey()),
            evidence,
            bootstrap,
            revocations);
    EventLoops loops = EventLoops.start(1);
    parts.push(loops);
    HttpServer server = HttpServer.start(loops, server(config, keys), routes);
    parts.push(server);
    HttpClient http = HttpClient.open(loops, ClientLimits.defaults());
    parts.push(http);
    Registering registering =
        new Registering(
            new RegistrarClient(http, config.registrar(), id, identity, quotes),
            MtlsCert.parse(Certificates.toPem(keys.tls().certificate())),
            new ContactAddress(config.contactHost(), server.port()),
            config.registration(),
            config.listener());
    parts.push(registering);
    LOG.log(System.Logger.Level.INFO, "agent {0} listens on port {1}", id, "" + server.port());
    return new Agent(parts, id, server.port(), registering, bootstrap, delivery.directory());
  }

  /** Extends PCR 10 by what the list has new, before each quote. */
  private static QuoteSource.Use<Long> follower(Tpm tpm, MeasurementFile ima) throws IOException {
    ImaEmulator emulator = ImaEmulator.attach(tpm, ima);
    return _ -> emulator.follow();
  }

  private static ServerConfig server(AgentConfig config, AgentKeys keys) throws IOException {
    String authorities =
        new String(PrivateFiles.read(config.clients(), MAX_AUTHORITIES), StandardCharsets.US_ASCII);
    TrustedCertificates clients =
        TrustedCertificates.authorities(Certificates.fromPem(authorities)).at(config.clock());
    InetSocketAddress address =
        new InetSocketAddress(config.listen().address(), config.listen().port());
    return ServerConfig.tls(address, ServerTls.required(keys.tls(), clients))
        .withLimits(ServerLimits.defaults().withConnections(4096, 4096).withRequests(32))
        .withBodyLimit(AgentRoutes::maxBody)
        .withErrors(AgentRoutes::error);
  }

  /** The id under which it registers. */
  public AgentId id() {
    return id;
  }

  /** The port on which it answers. */
  public int port() {
    return port;
  }

  /** Where the payload is once the agent has been bootstrapped. */
  public Path payload() {
    return payload;
  }

  /** Whether the bootstrap key is here. */
  public boolean isBootstrapped() {
    return bootstrap.isDone();
  }

  /** Waits until the registrar has activated it; false when the time is over before. */
  public boolean awaitActivated(Duration time) throws InterruptedException {
    return registering.await(time);
  }

  /** Stops it; the node is registered and bootstrapped still. */
  @Override
  public void close() {
    close(parts);
  }

  private static void close(Deque<AutoCloseable> parts) {
    for (Optional<AutoCloseable> part = next(parts); part.isPresent(); part = next(parts)) {
      try {
        part.get().close();
      } catch (Exception e) {
        // Whatever one part has to say, the others are closed too.
        LOG.log(System.Logger.Level.WARNING, "while the agent stops: {0}", e.getMessage());
      }
    }
  }

  private static Optional<AutoCloseable> next(Deque<AutoCloseable> parts) {
    return Optional.ofNullable(parts.poll());
  }
}
