package dev.keystead.lab.opinion;

import dev.keystead.control.ControlIdentity;
import dev.keystead.control.registrar.Registrar;
import dev.keystead.control.registrar.RegistrarConfig;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.ClientLimits;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpClient;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.TrustedCertificates;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.Envelope;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.Nonce;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.keylime.quote.QuoteQuery;
import dev.keystead.keylime.quote.QuoteReply;
import dev.keystead.keylime.registration.AgentRecord;
import dev.keystead.node.agent.Agent;
import dev.keystead.node.agent.AgentConfig;
import dev.keystead.node.agent.AgentName;
import dev.keystead.node.identity.KeyAlgorithms;
import dev.keystead.node.secure.PrivateTree;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** An agent that has registered, and its owner who asks it over its own wire. */
final class RunningAgent implements AutoCloseable {
  private static final InetSocketAddress FREE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final Deque<Closeable> parts = new ArrayDeque<>();
  private final HttpClient http;
  private final Endpoint agent;
  private final AgentRecord record;

  /** Starts registrar and agent, on a TPM that the agent opens at {@code tpm}. */
  RunningAgent(Path folder, TpmAddress tpm, KeyAlgorithms keys, Path bootLog) throws Exception {
    try {
      ControlIdentity owner = ControlIdentity.open(folder.resolve("cv_ca"), InstantSource.system());
      EventLoops loops = EventLoops.start(1);
      parts.push(loops::close);
      http = HttpClient.open(loops, ClientLimits.defaults());
      parts.push(http::close);
      Registrar registrar =
          Registrar.start(
              RegistrarConfig.of(
                  FREE, FREE, owner.server(), owner.trust(), folder.resolve("registrar.db")),
              loops);
      parts.push(registrar::close);
      Path secure = Files.createTempDirectory(Path.of("/dev/shm"), "keystead-lab-");
      parts.push(() -> PrivateTree.delete(secure));
      AgentConfig config =
          AgentConfig.of(
                  new AgentName.Generated(),
                  folder.resolve("work"),
                  "127.0.0.1",
                  Endpoint.plain("127.0.0.1", registrar.plainPort()),
                  folder.resolve("cv_ca/cacert.crt"))
              .with(new AgentConfig.Tpm(tpm, Optional.of(folder.resolve("maker"))))
              .with(keys, HashAlg.SHA256)
              .with(new AgentConfig.Listen(InetAddress.getLoopbackAddress(), 0))
              .with(new AgentConfig.Logs(folder.resolve("no-ima-list"), bootLog, false))
              .with(new AgentConfig.Secure(Optional.of(secure), 1 << 20, true));
      Agent started = Agent.start(config);
      parts.push(started::close);
      if (!started.awaitActivated(Duration.ofMinutes(1))) {
        throw new AssertionError("the agent was not activated");
      }
      Endpoint ownersRegistrar =
          Endpoint.tls(
              "127.0.0.1", registrar.tlsPort(), ClientTls.mutual(owner.client(), owner.trust()));
      record = AgentRecord.parse(get(ownersRegistrar, "/agents/" + started.id()));
      MtlsCert.Certificate shown = (MtlsCert.Certificate) record.mtlsCert().orElseThrow();
      agent =
          Endpoint.tls(
              "127.0.0.1",
              started.port(),
              ClientTls.mutual(owner.client(), TrustedCertificates.pinned(shown.certificate())));
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  /** What it answers to a question of a verifier. */
  AgentEvidence evidence(PcrMask mask) throws Exception {
    Nonce nonce = Nonce.generate(new SecureRandom());
    QuoteQuery query = new QuoteQuery.Integrity(nonce, mask, false, 0);
    Json.Obj results = get(agent, "/quotes/integrity?" + query.toQuery());
    return new AgentEvidence(record.ak(), nonce.bytes(), QuoteReply.parse(results));
  }

  private Json.Obj get(Endpoint server, String path) throws Exception {
    ClientRequest request = ClientRequest.get("/" + ApiVersion.CURRENT.segment() + path);
    return Envelope.parse(http.exchange(server, request).body(), Limits.EVIDENCE).results();
  }

  @Override
  public void close() throws IOException {
    for (Closeable part = parts.poll(); part != null; part = parts.poll()) {
      part.close();
    }
  }
}
