package dev.keystead.node.push;

import dev.keystead.http.ClientLimits;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpClient;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.node.AgentException;
import dev.keystead.node.agent.Registering;
import dev.keystead.node.agent.RegistrarClient;
import dev.keystead.node.agent.WorkLock;
import dev.keystead.node.identity.QuoteSource;
import dev.keystead.node.identity.TpmIdentity;
import dev.keystead.node.ima.ImaEmulator;
import dev.keystead.node.ima.MeasurementFile;
import dev.keystead.tpm.Tpm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A node's agent that listens on no port: it registers, and comes to its verifier with its evidence
 * again and again until it is closed. It has no payload and hears of no revocation: version 3 of
 * the wire has neither.
 */
public final class PushAgent implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PushAgent.class.getName());

  private final Deque<AutoCloseable> parts;
  private final AgentId id;
  private final Registering registering;

  private PushAgent(Deque<AutoCloseable> parts, AgentId id, Registering registering) {
    this.parts = parts;
    this.id = id;
    this.registering = registering;
  }

  /**
   * Starts an agent, which registers and attests in the background.
   *
   * @throws AgentException when something that it needs is not there, in words
   */
  public static PushAgent start(PushConfig config) {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      return start(config, parts);
    } catch (IOException e) {
      close(parts);
      throw new AgentException("the agent cannot start: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      close(parts);
      throw e;
    }
  }

  private static PushAgent start(PushConfig config, Deque<AutoCloseable> parts) throws IOException {
    PrivateFiles.folder(config.work());
    parts.push(WorkLock.take(config.work()));
    Tpm tpm = config.tpm().open(config.keys());
    parts.push(tpm);
    TpmIdentity identity = TpmIdentity.open(tpm, config.work(), config.keys(), config.hash());
    parts.push(identity);
    AgentId id = config.name().resolve(config.work(), identity.endorsementKey());
    QuoteSource quotes = new QuoteSource(tpm, identity, config.hash(), Optional.empty());
    MeasurementFile ima = new MeasurementFile(config.logs().ima());
    parts.push(ima);
    PushEvidence evidence =
        new PushEvidence(
            quotes,
            config.logs().emulateIma() ? follower(tpm, ima) : _ -> 0L,
            identity.attestationKey(),
            ima,
            config.logs());
    EventLoops loops = EventLoops.start(1);
    parts.push(loops);
    HttpClient http = HttpClient.open(loops, ClientLimits.defaults());
    parts.push(http);
    Registering registering =
        new Registering(
            new RegistrarClient(http, config.registrar(), id, identity, quotes),
            new MtlsCert.Disabled(),
            config.contact(),
            config.registration(),
            config.listener());
    parts.push(registering);
    parts.push(
        new Attesting(
            registering,
            new VerifierClient(http, config.verifier(), id),
            quotes,
            evidence,
            config.retry(),
            config.shortest(),
            config.listener()));
    LOG.log(System.Logger.Level.INFO, "agent {0} brings its evidence", id);
    return new PushAgent(parts, id, registering);
  }

  /** Extends PCR 10 by what the list has new, before each quote. */
  private static QuoteSource.Use<Long> follower(Tpm tpm, MeasurementFile ima) throws IOException {
    ImaEmulator emulator = ImaEmulator.attach(tpm, ima);
    return _ -> emulator.follow();
  }

  /** The id under which it registers. */
  public AgentId id() {
    return id;
  }

  /** Waits until the registrar has activated it; false when the time is over before. */
  public boolean awaitActivated(Duration time) throws InterruptedException {
    return registering.await(time);
  }

  /** Stops it; the node is registered still. */
  @Override
  public void close() {
    close(parts);
  }

  private static void close(Deque<AutoCloseable> parts) {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        // Whatever one part has to say, the others are closed too.
        LOG.log(System.Logger.Level.WARNING, "while the agent stops: {0}", e.getMessage());
      }
    }
  }
}
