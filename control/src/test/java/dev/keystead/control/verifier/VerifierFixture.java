package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ControlIdentity;
import dev.keystead.control.ledger.Entry;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.ClientLimits;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.Envelope;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A verifier on a real port, its owner, and nodes with real TPMs. */
abstract class VerifierFixture {
  static final Timing FAST =
      Timing.DEFAULT
          .every(Duration.ofMillis(100))
          .answering(Duration.ofSeconds(5), 2, Duration.ofMillis(50))
          .telling(Duration.ofSeconds(2), Duration.ofMillis(400), Duration.ofMinutes(5));

  @TempDir static Path shared;
  static EventLoops loops;
  static HttpClient client;
  static ControlIdentity identity;

  @TempDir Path folder;
  final List<ControlEvent> events = new CopyOnWriteArrayList<>();
  Verifier verifier;
  private final List<TestAgent> agents = new ArrayList<>();

  @BeforeAll
  static void openAll() throws IOException {
    loops = EventLoops.start(2);
    client = HttpClient.open(loops, ClientLimits.defaults());
    identity = ControlIdentity.open(shared.resolve("cv_ca"), InstantSource.system());
  }

  @AfterAll
  static void closeAll() {
    client.close();
    loops.close();
  }

  @BeforeEach
  void startVerifier() throws IOException {
    verifier = start(folder.resolve("verifier.db"), timing());
  }

  Timing timing() {
    return FAST;
  }

  Verifier start(Path database, Timing timing) throws IOException {
    return start(config(database, timing));
  }

  Verifier start(VerifierConfig config) throws IOException {
    return Verifier.start(config, loops);
  }

  VerifierConfig config(Path database, Timing timing) {
    return VerifierConfig.of(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            identity.server(),
            identity.client(),
            identity.trust(),
            database)
        .with(timing)
        .listening(events::add);
  }

  @AfterEach
  void stopAll() throws Exception {
    verifier.close();
    for (TestAgent agent : agents) {
      agent.close();
    }
  }

  TestAgent agent(String name) throws Exception {
    TestAgent agent = new TestAgent(name, folder.resolve("tpm-" + name), loops, identity);
    agents.add(agent);
    agent.measure(
        "/usr/bin/good",
        new byte[] {
          1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
          26, 27, 28, 29, 30, 31, 32
        });
    return agent;
  }

  void enrol(TestAgent agent, VerifierAgentAdd add) throws Exception {
    HttpResponse reply = post(agent.id, add.toJson().toString());
    assertThat(reply.status()).as(words(reply)).isEqualTo(200);
  }

  HttpResponse post(AgentId id, String body) throws Exception {
    return client.exchange(owner(), ClientRequest.json("POST", "/v2.6/agents/" + id, body));
  }

  HttpResponse owner(String method, String path) throws Exception {
    return client.exchange(owner(), ClientRequest.of(method, path));
  }

  Endpoint owner() {
    return Endpoint.tls(
        "127.0.0.1", verifier.port(), ClientTls.mutual(identity.client(), identity.trust()));
  }

  VerifierAgentStatus status(TestAgent agent) throws Exception {
    return VerifierAgentStatus.parse(results(owner("GET", "/v2.6/agents/" + agent.id)));
  }

  List<EntryKind> kinds() {
    return verifier.ledger().entries(0, 1000).stream().map(Entry::kind).toList();
  }

  List<EntryKind> kinds(TestAgent agent) {
    return verifier.ledger().entries(0, 1000).stream()
        .filter(entry -> entry.subject().equals(agent.id.value()))
        .map(Entry::kind)
        .toList();
  }

  static Json.Obj results(HttpResponse reply) {
    return Envelope.parse(reply.body(), Limits.WIRE).results();
  }

  static String words(HttpResponse reply) {
    return Envelope.parse(reply.body(), Limits.WIRE).status();
  }

  /** Waits until something is so; fails after 20 s. */
  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for: " + what).isLessThan(end);
      Thread.sleep(5);
    }
  }

  /** Waits for the first event of a kind about a node. */
  <E extends ControlEvent> E await(Class<E> kind, TestAgent agent) throws InterruptedException {
    await(kind.getSimpleName() + " of " + agent.id, () -> find(kind, agent) != null);
    return java.util.Objects.requireNonNull(find(kind, agent));
  }

  private <E extends ControlEvent> @org.jspecify.annotations.Nullable E find(
      Class<E> kind, TestAgent agent) {
    return events.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .filter(event -> event.agent().equals(agent.id))
        .findFirst()
        .orElse(null);
  }

  long count(Class<? extends ControlEvent> kind, TestAgent agent) {
    return events.stream()
        .filter(event -> kind.isInstance(event) && event.agent().equals(agent.id))
        .count();
  }
}
