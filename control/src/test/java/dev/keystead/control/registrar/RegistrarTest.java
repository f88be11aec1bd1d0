package dev.keystead.control.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlIdentity;
import dev.keystead.control.TestTpm;
import dev.keystead.control.ledger.Entry;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.ClientLimits;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpFailure;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.SelfSigned;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.Envelope;
import dev.keystead.keylime.bootstrap.AuthTag;
import dev.keystead.keylime.registration.Activation;
import dev.keystead.keylime.registration.ChallengeBlob;
import dev.keystead.keylime.registration.Registration;
import dev.keystead.keylime.registration.RegistrationReply;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.structure.ObjectAttributes;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.EkTemplate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrarTest {
  private static final AgentId ID = AgentId.of("d432fbb3-d2f1-4a97-9ef7-75bd81c00000");
  private static final InetSocketAddress FREE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir static Path shared;
  private static EventLoops loops;
  private static HttpClient client;
  private static ControlIdentity identity;
  private static TestTpm first;
  private static TestTpm second;

  @TempDir Path folder;
  private Registrar registrar;

  @BeforeAll
  static void openAll() throws IOException, TpmException {
    loops = EventLoops.start(1);
    client = HttpClient.open(loops, ClientLimits.defaults());
    identity = ControlIdentity.open(shared.resolve("cv_ca"), InstantSource.system());
    first = TestTpm.open(shared.resolve("tpm1"));
    second = TestTpm.open(shared.resolve("tpm2"));
  }

  @AfterAll
  static void closeAll() throws TpmException {
    first.close();
    second.close();
    client.close();
    loops.close();
  }

  @BeforeEach
  void start() throws IOException {
    registrar =
        Registrar.start(
            RegistrarConfig.of(
                FREE, FREE, identity.server(), identity.trust(), folder.resolve("registrar.db")),
            loops);
  }

  @AfterEach
  void stop() {
    registrar.close();
  }

  @Test
  void aTpmThatOpensItsChallengeIsActive() throws Exception {
    assertThat(get(ID).status()).isEqualTo(404);
    ChallengeBlob blob = register(ID, first);
    assertThat(get(ID).status()).as("a proposal is not shown").isEqualTo(404);
    assertThat(list()).isEmpty();

    assertThat(activate(ID, first.answer(ID, blob)).status()).isEqualTo(200);

    Json.Obj record = results(get(ID));
    assertThat(record.members().get("agent_id")).isEqualTo(Json.of(ID.value()));
    assertThat(record.members().get("port")).isEqualTo(Json.of(9002));
    assertThat(record.members().get("regcount")).isEqualTo(Json.of(1));
    assertThat(list()).containsExactly(ID.value());
    assertThat(kinds()).containsExactly(EntryKind.ACTIVATED);
  }

  @Test
  void anRsaEkOpensItsChallengeToo() throws Exception {
    try (TestTpm rsa = TestTpm.open(folder.resolve("rsa"), EkTemplate.L1_RSA_2048)) {
      assertThat(activate(ID, rsa.answer(ID, register(ID, rsa))).status()).isEqualTo(200);
    }
  }

  @Test
  void theActiveRecordSurvivesADeathWithoutClosing() throws Exception {
    activate(ID, first.answer(ID, register(ID, first)));
    try (Registrar again =
        Registrar.start(
            RegistrarConfig.of(
                FREE, FREE, identity.server(), identity.trust(), folder.resolve("registrar.db")),
            loops)) {
      HttpResponse got =
          client.exchange(owner(again.tlsPort()), ClientRequest.get("/v2.6/agents/" + ID));
      assertThat(got.status()).isEqualTo(200);
      assertThat(again.ledger().verify().seq()).isEqualTo(1);
    }
  }

  @Test
  void aWrongActivationTagCostsTheRealAgentNothing() throws Exception {
    ChallengeBlob blob = register(ID, first);
    for (int i = 0; i < 200; i++) {
      AuthTag wrong = AuthTag.of(new byte[] {(byte) i}, ID.bytes());
      assertThat(activate(ID, wrong).status()).isEqualTo(400);
    }
    assertThat(activate(ID, first.answer(ID, blob)).status()).isEqualTo(200);
    assertThat(activate(ID, AuthTag.of(new byte[] {1}, ID.bytes())).status()).isEqualTo(400);
    assertThat(get(ID).status()).isEqualTo(200);
  }

  @Test
  void anotherNodesTagOpensNothing() throws Exception {
    AgentId other = AgentId.of("other");
    ChallengeBlob blob = register(ID, first);
    register(other, second);
    AuthTag tag = first.answer(ID, blob);
    assertThat(activate(other, tag).status()).isEqualTo(400);
    assertThat(activate(ID, tag).status()).isEqualTo(200);
  }

  @Test
  void aChallengeIsOpenedOnce() throws Exception {
    AuthTag tag = first.answer(ID, register(ID, first));
    assertThat(activate(ID, tag).status()).isEqualTo(200);
    assertThat(activate(ID, tag).status()).isEqualTo(400);
  }

  @Test
  void severalChallengesMayBeOpenAtATime() throws Exception {
    ChallengeBlob one = register(ID, first.registration(9001, Optional.empty()));
    ChallengeBlob two = register(ID, first.registration(9003, Optional.empty()));
    assertThat(activate(ID, first.answer(ID, one)).status()).isEqualTo(200);
    assertThat(results(get(ID)).members().get("port")).isEqualTo(Json.of(9001));
    assertThat(activate(ID, first.answer(ID, two)).status()).isEqualTo(200);
    assertThat(results(get(ID)).members().get("port")).isEqualTo(Json.of(9003));
  }

  @Test
  void theSameIdFromAnotherTpmIsRefusedAndTheFirstKeepsItsRecord() throws Exception {
    activate(ID, first.answer(ID, register(ID, first)));
    Json.Obj before = results(get(ID));

    HttpResponse refused = post(ID, second.registration(9002, Optional.empty()));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(results(get(ID))).isEqualTo(before);
    assertThat(kinds()).containsExactly(EntryKind.ACTIVATED, EntryKind.REFUSED);
  }

  @Test
  void anotherAkOfTheSameTpmIsRefusedUntilTheOwnerDeletes() throws Exception {
    activate(ID, first.answer(ID, register(ID, first)));
    Registration real = first.registration(9002, Optional.empty());
    Registration otherAk =
        new Registration(
            real.agentId(),
            second.ak().area(),
            real.ek(),
            real.ekCert(),
            real.identity(),
            real.mtlsCert(),
            real.contact());
    assertThat(post(ID, otherAk).status()).isEqualTo(403);
    assertThat(owner("DELETE", "/v2.6/agents/" + ID).status()).isEqualTo(200);
    assertThat(get(ID).status()).isEqualTo(404);
    assertThat(post(ID, otherAk).status()).isEqualTo(200);
  }

  @Test
  void whoeverIsFirstToProveItselfHasTheIdAndTheOtherIsRefusedAtActivation() throws Exception {
    ChallengeBlob one = register(ID, first);
    ChallengeBlob two = register(ID, second);
    assertThat(activate(ID, second.answer(ID, two)).status()).isEqualTo(200);
    assertThat(activate(ID, first.answer(ID, one)).status()).isEqualTo(403);
    assertThat(ek(get(ID))).isEqualTo(second.ek().toSizedBytes());
  }

  @Test
  void aTpmThatIsActiveIsRefusedUnderAnotherId() throws Exception {
    activate(ID, first.answer(ID, register(ID, first)));
    assertThat(post(AgentId.of("alias"), first.registration(9002, Optional.empty())).status())
        .isEqualTo(403);
  }

  @Test
  void aNewContactWithTheSameKeysStaysAProposalUntilItIsActivated() throws Exception {
    activate(ID, first.answer(ID, register(ID, first)));
    ChallengeBlob blob = register(ID, first.registration(666, Optional.empty()));
    assertThat(results(get(ID)).members().get("port")).isEqualTo(Json.of(9002));
    assertThat(activate(ID, first.answer(ID, blob)).status()).isEqualTo(200);
    assertThat(results(get(ID)).members().get("port")).isEqualTo(Json.of(666));
  }

  @Test
  void theSameProposalAgainGetsTheSameChallenge() throws Exception {
    ChallengeBlob blob = register(ID, first);
    for (int i = 0; i < 50; i++) {
      assertThat(register(ID, first).toBytes()).isEqualTo(blob.toBytes());
    }
    assertThat(activate(ID, first.answer(ID, blob)).status()).isEqualTo(200);
    assertThat(register(ID, first).toBytes()).isNotEqualTo(blob.toBytes());
  }

  @Test
  void aKeyThatSignsAnythingIsNoAttestationKey() throws Exception {
    TpmPublic ak = first.ak().area();
    TpmPublic free =
        new TpmPublic(
            ak.nameAlg(),
            new ObjectAttributes(ak.attributes().bits() & ~ObjectAttributes.RESTRICTED),
            ak.authPolicy(),
            ak.key());
    Registration real = first.registration(9002, Optional.empty());
    HttpResponse refused =
        post(
            ID,
            new Registration(
                Optional.empty(),
                free,
                real.ek(),
                real.ekCert(),
                real.identity(),
                real.mtlsCert(),
                real.contact()));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(status(refused)).contains("not restricted");
    assertThat(kinds()).containsExactly(EntryKind.REFUSED);
  }

  @Test
  void anEkOfNoStandardTemplateIsRefused() throws Exception {
    Registration real = first.registration(9002, Optional.empty());
    HttpResponse refused =
        post(
            ID,
            new Registration(
                Optional.empty(),
                real.ak(),
                Optional.of(real.ak()),
                real.ekCert(),
                real.identity(),
                real.mtlsCert(),
                real.contact()));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(status(refused)).contains("standard template");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v2.6/agents",
    "GET, /v2.6/agents/",
    "GET, /v2.6/agents/d432fbb3-d2f1-4a97-9ef7-75bd81c00000",
    "DELETE, /v2.6/agents/d432fbb3-d2f1-4a97-9ef7-75bd81c00000",
  })
  void ownersRoutesNeedAnOwnersCertificateOverTls(String method, String path) throws Exception {
    assertThat(client.exchange(plain(), ClientRequest.of(method, path)).status()).isEqualTo(403);
    Endpoint anonymous =
        Endpoint.tls("127.0.0.1", registrar.tlsPort(), ClientTls.anonymous(identity.trust()));
    assertThat(client.exchange(anonymous, ClientRequest.of(method, path)).status()).isEqualTo(403);
    TlsIdentity agent =
        SelfSigned.identity(Subject.local(ID.value()), Instant.now(), Duration.ofDays(1));
    ControlIdentity other = ControlIdentity.open(folder.resolve("other"), InstantSource.system());
    for (TlsIdentity stranger : List.of(agent, other.client())) {
      Endpoint endpoint =
          Endpoint.tls(
              "127.0.0.1", registrar.tlsPort(), ClientTls.mutual(stranger, identity.trust()));
      assertThat(refused(endpoint, method, path)).isTrue();
    }
  }

  /** In the handshake, or with 403. */
  private static boolean refused(Endpoint endpoint, String method, String path)
      throws InterruptedException {
    try {
      return client.exchange(endpoint, ClientRequest.of(method, path)).status() == 403;
    } catch (HttpFailure e) {
      return e.reason() == HttpFailure.Reason.TLS_FAILED;
    }
  }

  @Test
  void publicRoutesWorkOnTheTlsPortToo() throws Exception {
    Endpoint tls =
        Endpoint.tls("127.0.0.1", registrar.tlsPort(), ClientTls.anonymous(identity.trust()));
    HttpResponse reply =
        client.exchange(
            tls,
            ClientRequest.json(
                "POST",
                "/v2.6/agents/" + ID,
                first.registration(9002, Optional.empty()).toJson().toString()));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(client.exchange(tls, ClientRequest.get("/version")).status()).isEqualTo(200);
  }

  @Test
  void theFormsOfActivationThatAgentsUseAllWork() throws Exception {
    for (String form :
        List.of(
            "PUT /v2.6/agents/%s", "PUT /v2.6/agents/%s/activate", "POST /v2/agents/%s/activate")) {
      AuthTag tag = first.answer(ID, register(ID, first));
      String[] parts = form.formatted(ID).split(" ", 2);
      HttpResponse reply =
          client.exchange(
              plain(),
              ClientRequest.json(parts[0], parts[1], new Activation(tag).toJson().toString()));
      assertThat(reply.status()).as(form).isEqualTo(200);
      assertThat(results(reply).members()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH, /v2.6/agents/a, 405",
    "PUT, /version, 405",
    "DELETE, /v2.6/agents, 405",
    "GET, /v2.6/nothing, 404",
    "GET, /v2.6/agents/a/b/c, 404",
    "GET, /v9.9/agents, 400",
    "GET, /v2.6/agents//, 400",
    "PUT, /v2.6/agents/.., 400",
    "PUT, /v2.6/agents/%3Cb%3E, 400",
    "PUT, /v2.6/agents/a%0ab, 400",
    "PUT, /v2.6/agents/%2e%2e%2fetc, 400",
  })
  void whatIsNotARouteIsRefusedWithAReason(String method, String path, int status)
      throws IOException {
    HttpResponse reply = raw(method + " " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(reply.status()).isEqualTo(status);
    assertThat(status(reply)).isNotEmpty();
    assertThat(reply.headers().has("Allow")).isEqualTo(status == 405);
  }

  @Test
  void anIdThatIsTooLongLeavesNothingButAnAuditEntry() throws Exception {
    String path = "/v2.6/agents/" + "a".repeat(81);
    assertThat(
            client
                .exchange(
                    plain(),
                    ClientRequest.json(
                        "POST", path, first.registration(1, Optional.empty()).toJson().toString()))
                .status())
        .isEqualTo(400);
    assertThat(kinds()).containsExactly(EntryKind.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"aik_tpm\":1}",
        "{\"aik_tpm\":\"\"}",
        "{\"aik_tpm\":\"AAA\"}",
        "{\"aik_tpm\":\"AAAA\",\"aik_tpm\":\"AAAA\"}",
        "{\"auth_tag\":\"00\"}",
        "{\"a\":[[[[[[[[[[[[]]]]]]]]]]]]}",
        "\u0000",
      })
  void bodiesThatAreNoRegistrationAre400(String body) throws Exception {
    HttpResponse reply =
        client.exchange(plain(), ClientRequest.json("POST", "/v2.6/agents/" + ID, body));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(status(reply)).isNotEmpty();
    HttpResponse activation =
        client.exchange(plain(), ClientRequest.json("PUT", "/v2.6/agents/" + ID, body));
    assertThat(activation.status()).isEqualTo(400);
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    String body = "{\"a\":\"" + "x".repeat(RegistrarRoutes.MAX_BODY) + "\"}";
    HttpResponse reply =
        client.exchange(plain(), ClientRequest.json("POST", "/v2.6/agents/" + ID, body));
    assertThat(reply.status()).isEqualTo(413);
    assertThat(status(reply)).isNotEmpty();
  }

  @Test
  void theIdMayStandInTheBodyAndNoContentTypeIsNeeded() throws Exception {
    Registration real = first.registration(9002, Optional.empty());
    Registration named =
        new Registration(
            Optional.of(ID),
            real.ak(),
            real.ek(),
            real.ekCert(),
            real.identity(),
            real.mtlsCert(),
            real.contact());
    byte[] body = named.toJson().toBytes();
    assertThat(
            client
                .exchange(plain(), ClientRequest.of("POST", "/v2.6/agents", "text/plain", body))
                .status())
        .isEqualTo(200);
    assertThat(
            client
                .exchange(plain(), ClientRequest.of("POST", "/v2.6/agents/b", "text/plain", body))
                .status())
        .as("the path says another id")
        .isEqualTo(400);
  }

  @Test
  void tenThousandRegistrationsChangeNothing() throws Exception {
    activate(ID, first.answer(ID, register(ID, first)));
    Json.Obj before = results(get(ID));
    AgentId late = AgentId.of("late");
    ChallengeBlob blob = register(late, second);
    for (int i = 0; i < 10_000; i += 100) {
      List<CompletableFuture<HttpResponse>> sent = new ArrayList<>();
      for (int j = i; j < i + 100; j++) {
        AgentId id = j % 2 == 0 ? ID : AgentId.of("noise-" + j);
        sent.add(client.send(plain(), request(id, first.registration(1 + j, Optional.empty()))));
      }
      for (int j = 0; j < 100; j++) {
        assertThat(sent.get(j).join().status()).isEqualTo(j % 2 == 0 ? 200 : 403);
      }
    }
    assertThat(results(get(ID))).isEqualTo(before);
    assertThat(activate(late, second.answer(late, blob)).status()).isEqualTo(200);
    assertThat(registrar.ledger().head().seq()).isLessThan(30);
  }

  private Endpoint plain() {
    return Endpoint.plain("127.0.0.1", registrar.plainPort());
  }

  private static Endpoint owner(int port) {
    return Endpoint.tls("127.0.0.1", port, ClientTls.mutual(identity.client(), identity.trust()));
  }

  private HttpResponse owner(String method, String path) throws Exception {
    return client.exchange(owner(registrar.tlsPort()), ClientRequest.of(method, path));
  }

  private HttpResponse get(AgentId id) throws Exception {
    return owner("GET", "/v2.6/agents/" + id);
  }

  private List<String> list() throws Exception {
    return results(owner("GET", "/v2.6/agents/")).fields("").list("uuids", 100).stream()
        .map(f -> f.text())
        .toList();
  }

  private HttpResponse post(AgentId id, Registration registration) throws Exception {
    return client.exchange(plain(), request(id, registration));
  }

  private static ClientRequest request(AgentId id, Registration registration) {
    return ClientRequest.json("POST", "/v2.6/agents/" + id, registration.toJson().toString());
  }

  private ChallengeBlob register(AgentId id, TestTpm tpm) throws Exception {
    return register(id, tpm.registration(9002, Optional.empty()));
  }

  private ChallengeBlob register(AgentId id, Registration registration) throws Exception {
    HttpResponse reply = post(id, registration);
    assertThat(reply.status()).as(status(reply)).isEqualTo(200);
    return RegistrationReply.parse(results(reply)).blob();
  }

  private HttpResponse activate(AgentId id, AuthTag tag) throws Exception {
    return client.exchange(
        plain(),
        ClientRequest.json("PUT", "/v2.6/agents/" + id, new Activation(tag).toJson().toString()));
  }

  private List<EntryKind> kinds() {
    return registrar.ledger().entries(0, 100).stream().map(Entry::kind).toList();
  }

  private static byte[] ek(HttpResponse reply) {
    return results(reply).fields("").bytes64("ek_tpm", 1024);
  }

  private static Json.Obj results(HttpResponse reply) {
    return Envelope.parse(reply.body(), Limits.WIRE).results();
  }

  private static String status(HttpResponse reply) {
    return Envelope.parse(reply.body(), Limits.WIRE).status();
  }

  /** Sends bytes that a client of ours would not make. */
  private HttpResponse raw(String request) throws IOException {
    try (var socket =
        new java.net.Socket(InetAddress.getLoopbackAddress(), registrar.plainPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String[] parts = reply.split("\r\n\r\n", 2);
      int status = Integer.parseInt(parts[0].substring(9, 12));
      HttpResponse response =
          HttpResponse.of(status, "application/json", parts[1].getBytes(StandardCharsets.UTF_8));
      return parts[0].contains("\r\nAllow: ") ? response.with("Allow", "some") : response;
    }
  }
}
