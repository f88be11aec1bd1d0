package dev.keystead.node.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpRequest;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.HttpServer;
import dev.keystead.http.ServerConfig;
import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.ServerTls;
import dev.keystead.http.tls.Subject;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.push.CertificationKey;
import dev.keystead.keylime.push.Challenge;
import dev.keystead.keylime.push.EvidenceItems;
import dev.keystead.keylime.push.EvidenceOffer;
import dev.keystead.keylime.push.EvidenceRequest;
import dev.keystead.keylime.push.QuoteRequest;
import dev.keystead.keylime.push.SessionChallenge;
import dev.keystead.keylime.push.SessionId;
import dev.keystead.keylime.push.SessionProof;
import dev.keystead.keylime.push.SessionResult;
import dev.keystead.keylime.push.SessionToken;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.agent.AgentConfig;
import dev.keystead.node.agent.AgentName;
import dev.keystead.node.agent.TestNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A push agent and verifiers that want more of it than they should. */
class PushAgentTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path folder;

  private final EventLoops loops = EventLoops.start(1);
  private final List<AgentEvent> events = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CertificateAuthority authority = authority();
  private TestNode node;
  private HttpServer server;

  /** What the verifier says. */
  private Challenge session = Challenge.generate(RANDOM);

  private Optional<Challenge> quote = Optional.empty();
  private String location = "/v3.0/agents/" + TestNode.ID + "/attestations/0";

  private static CertificateAuthority authority() {
    return CertificateAuthority.create(
        "control", KeyType.EC_P256, Duration.ofDays(1), InstantSource.system());
  }

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(folder);
    server =
        HttpServer.start(
            loops,
            ServerConfig.tls(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ServerTls.anonymous(
                    authority.issue(
                        Subject.local("server"),
                        KeyType.EC_P256,
                        Purpose.SERVER,
                        Duration.ofHours(1)))),
            this::answer);
  }

  @AfterEach
  void end() throws Exception {
    server.close();
    loops.close();
    node.close();
  }

  private PushAgent agent(CertificateAuthority trusted) throws Exception {
    AgentConfig shared = node.config();
    PushAgent agent =
        PushAgent.start(
            PushConfig.of(
                    new AgentName.Fixed(TestNode.ID),
                    shared.work(),
                    new ContactAddress("127.0.0.1", 9002),
                    shared.registrar(),
                    Endpoint.tls("127.0.0.1", server.port(), ClientTls.anonymous(trusted.trust())))
                .with(shared.tpm(), shared.keys(), shared.hash())
                .with(shared.logs())
                .with(new AgentConfig.Retry(Duration.ofMillis(20), Duration.ofMillis(200)))
                .with(events::add));
    assertThat(agent.awaitActivated(Duration.ofSeconds(30))).isTrue();
    return agent;
  }

  private HttpResponse answer(HttpRequest request) {
    String path = String.join("/", request.target().segments());
    asked.add(request.method() + " " + path);
    Instant now = Instant.now();
    if (path.equals("v3.0/sessions")) {
      return reply(
          200,
          new SessionChallenge(SessionId.generate(), TestNode.ID, session, now, now.plusSeconds(60))
              .toJson());
    }
    if (path.startsWith("v3.0/sessions/")) {
      SessionProof proof = SessionProof.parse(Json.parse(request.body(), Limits.WIRE));
      return reply(
          200,
          new SessionResult(
                  new SessionChallenge(proof.id(), TestNode.ID, session, now, now.plusSeconds(60)),
                  proof.proof(),
                  now,
                  Optional.of(
                      new SessionResult.Granted(
                          SessionToken.generate(proof.id(), RANDOM), now.plusSeconds(180))))
              .toJson());
    }
    if (request.method().equals("POST")) {
      return asked(EvidenceOffer.parse(Json.parse(request.body(), Limits.WIRE)), now)
          .with("Location", location);
    }
    return HttpResponse.json(202, "{\"meta\":{\"seconds_to_next_attestation\":0}}");
  }

  private HttpResponse asked(EvidenceOffer offer, Instant now) {
    CertificationKey key = offer.supported().quote().keys().getFirst();
    QuoteRequest wanted =
        new QuoteRequest(
            quote.orElseGet(() -> Challenge.generate(RANDOM)),
            "ecdsa",
            "sha256",
            offer.supported().quote().subjects().choosing("sha256", new PcrMask(0x400)),
            key);
    return reply(
        201,
        new EvidenceRequest(
                location,
                "/v3.0",
                new EvidenceItems<>(wanted, Optional.empty(), Optional.empty()),
                offer.bootTime(),
                now,
                now.plusSeconds(60))
            .toJson());
  }

  private static HttpResponse reply(int status, Json.Obj body) {
    return HttpResponse.of(status, "application/json", body.toBytes());
  }

  private String refusal() throws InterruptedException {
    for (int i = 0; i < 600; i++) {
      for (AgentEvent event : events) {
        if (event instanceof AgentEvent.EvidenceNotTaken(String reason, Duration _)) {
          return reason;
        }
      }
      Thread.sleep(50);
    }
    throw new AssertionError("no refusal in " + events);
  }

  private long brought() {
    return asked.stream().filter(line -> line.startsWith("PATCH v3.0/agents")).count();
  }

  @Test
  void aConstantChallengeForQuotesIsAnsweredOnce() throws Exception {
    quote = Optional.of(Challenge.generate(RANDOM));
    try (PushAgent _ = agent(authority)) {
      assertThat(refusal()).contains("a challenge for the second time");
      assertThat(brought()).isEqualTo(1);
    }
  }

  @Test
  void aSessionsChallengeIsNotSignedAgainInAQuote() throws Exception {
    quote = Optional.of(session);
    try (PushAgent _ = agent(authority)) {
      assertThat(refusal()).contains("a challenge for the second time");
      assertThat(brought()).isZero();
    }
  }

  @Test
  void evidenceAndTokenGoToNobodyElsesAttestation() throws Exception {
    location = "/v3.0/agents/another/attestations/0";
    try (PushAgent _ = agent(authority)) {
      assertThat(refusal()).contains("no Location of an attestation of ours");
      assertThat(brought()).isZero();
    }
  }

  @Test
  void evidenceAndTokenGoToNoOtherServer() throws Exception {
    location = "https://elsewhere.example/v3.0/agents/" + TestNode.ID + "/attestations/0";
    try (PushAgent _ = agent(authority)) {
      assertThat(refusal()).contains("no Location of an attestation of ours");
      assertThat(brought()).isZero();
    }
  }

  @Test
  void aVerifierOfAnotherAuthorityIsToldNothing() throws Exception {
    try (PushAgent _ = agent(authority())) {
      assertThat(refusal()).isNotEmpty();
      assertThat(asked).isEmpty();
    }
  }
}
