package dev.keystead.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.HttpFailure;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.Envelope;
import dev.keystead.keylime.VersionReply;
import dev.keystead.keylime.bootstrap.BootstrapKey;
import dev.keystead.keylime.bootstrap.Payload;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.bootstrap.PubkeyReply;
import dev.keystead.keylime.bootstrap.UKey;
import dev.keystead.keylime.bootstrap.VKey;
import dev.keystead.keylime.bootstrap.VerifyChallenge;
import dev.keystead.keylime.bootstrap.VerifyReply;
import dev.keystead.keylime.quote.AgentInfo;
import dev.keystead.node.AgentEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One agent, spoken to over its real port by those who may and those who may not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentWireTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Optional<TestNode> opened = Optional.empty();
  private Optional<Agent> started = Optional.empty();

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    opened = Optional.of(new TestNode(directory));
    started = Optional.of(node().start(node().config()));
  }

  @AfterAll
  void stop() throws IOException {
    agent().close();
    node().close();
  }

  @Test
  void theVersionsAreThoseThatAreSpoken() throws Exception {
    VersionReply reply = VersionReply.parse(node().get(agent(), "/version"));
    assertThat(reply.newest()).hasToString("2.6");
    assertThat(reply.supported())
        .extracting(Object::toString)
        .containsExactly("2.1", "2.2", "2.3", "2.4", "2.5", "2.6");
  }

  @ParameterizedTest
  @CsvSource({"2.1,ecc", "2.4,ecc", "2.5,ecc256", "2.6,ecc256"})
  void algorithmsAreSpelledAsTheVersionSpellsThem(String version, String expected)
      throws Exception {
    AgentInfo info = AgentInfo.parse(node().get(agent(), "/v" + version + "/agent/info"));
    assertThat(info.agentId()).isEqualTo(TestNode.ID);
    assertThat(info.algorithms().encryption()).isEqualTo(expected);
    assertThat(info.algorithms().signing()).isEqualTo("ecdsa");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2.6/quotes/identity",
        "/v2.6/quotes/identity?nonce=",
        "/v2.6/quotes/identity?nonce=a-b",
        "/v2.6/quotes/identity?nonce=a%20b",
        "/v2.6/quotes/identity?nonce=a&nonce=b",
        "/v2.6/quotes/identity?nonce=%C3%A9",
        "/v2.6/quotes/identity?nonce="
            + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "/v2.6/quotes/integrity?nonce=a&partial=0",
        "/v2.6/quotes/integrity?nonce=a&mask=0x400",
        "/v2.6/quotes/integrity?mask=0x400&partial=0",
        "/v2.6/quotes/integrity?nonce=a&mask=400&partial=0",
        "/v2.6/quotes/integrity?nonce=a&mask=0x&partial=0",
        "/v2.6/quotes/integrity?nonce=a&mask=0x1000000&partial=0",
        "/v2.6/quotes/integrity?nonce=a&mask=0x100000000&partial=0",
        "/v2.6/quotes/integrity?nonce=a&mask=-0x1&partial=0",
        "/v2.6/quotes/integrity?nonce=a&mask=0x400&partial=2",
        "/v2.6/quotes/integrity?nonce=a&mask=0x400&partial=true",
        "/v2.6/quotes/integrity?nonce=a&mask=0x400&partial=0&partial=1",
        "/v2.6/keys/verify",
        "/v2.6/keys/verify?challenge=a/b",
        "/v1.0/quotes/identity?nonce=a",
        "/v3.0/quotes/identity?nonce=a",
        "/v2.7/version",
        "/v2/agent/info"
      })
  void aQuestionThatIsNotOneIsABadRequest(String target) throws Exception {
    assertThat(status("GET", target)).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/versions",
        "/v2.6",
        "/v2.6/",
        "/v2.6/quotes",
        "/v2.6/quotes/identity/",
        "/v2.6/quotes/other",
        "/v2.6/keys/vkey/x",
        "/x/quotes/identity",
        "/v2.6/QUOTES/identity"
      })
  void aPathThatIsNotThereIsNotFound(String target) throws Exception {
    assertThat(status("GET", target)).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/version,GET",
    "PUT,/v2.6/quotes/identity?nonce=a,GET",
    "DELETE,/v2.6/quotes/integrity,GET",
    "POST,/v2.6/keys/pubkey,GET",
    "GET,/v2.6/keys/ukey,POST",
    "GET,/v2.6/keys/vkey,POST",
    "PUT,/v2.6/notifications/revocation,POST",
    "POST,/v2.6/keys/verify?challenge=a,GET"
  })
  void anotherMethodIsToldWhichOneIsAllowed(String method, String target, String allowed)
      throws Exception {
    HttpResponse response = node().send(agent(), ClientRequest.of(method, target));
    assertThat(response.status()).isEqualTo(405);
    assertThat(response.headers().only("Allow")).contains(allowed);
    assertThat(Envelope.parse(response.body(), Limits.WIRE).code()).isEqualTo(405);
  }

  @Test
  void anUnknownVersionIsRefusedInTheWordsThatVerifiersLookFor() throws Exception {
    HttpResponse response =
        node().send(agent(), ClientRequest.get("/v9.9/quotes/identity?nonce=a"));
    assertThat(Envelope.parse(response.body(), Limits.WIRE).status())
        .isEqualTo("API version not supported: v9.9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"encrypted_key\":1}",
        "{\"encrypted_key\":\"AAAA\"}",
        "{\"encrypted_key\":\"not base64!\"}",
        "{\"encrypted_key\":\"\",\"encrypted_key\":\"\"}",
        "{} trailing"
      })
  void aBodyThatIsNoShareIsABadRequest(String body) throws Exception {
    for (String path : List.of("ukey", "vkey")) {
      HttpResponse response =
          node().send(agent(), ClientRequest.json("POST", "/v2.6/keys/" + path, body));
      assertThat(response.status()).isEqualTo(400);
    }
  }

  @Test
  void aBodyBeyondTheLimitIsRefused() throws Exception {
    byte[] large = new byte[64 << 10];
    HttpResponse response =
        node()
            .send(agent(), ClientRequest.of("POST", "/v2.6/keys/vkey", "application/json", large));
    assertThat(response.status()).isEqualTo(413);
  }

  @Test
  void aClientOfAnotherAuthorityIsRefused() {
    TlsIdentity stranger =
        CertificateAuthority.create(
                "stranger", KeyType.EC_P256, Duration.ofDays(1), InstantSource.system())
            .issue(Subject.named("x"), KeyType.EC_P256, Purpose.CLIENT, Duration.ofHours(1));
    assertThatThrownBy(() -> node().send(agent(), ClientRequest.get("/version"), stranger))
        .isInstanceOf(HttpFailure.class);
  }

  @Test
  void silentClientsCostTheirOwnConnections() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 60; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), agent().port());
        silent.add(socket);
        socket.getOutputStream().write(new byte[] {22, 3, 1});
      }
      assertThat(status("GET", "/v2.6/quotes/identity?nonce=abc")).isEqualTo(200);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void anUnsignedRevocationIsAnsweredWell() throws Exception {
    Json.Obj body =
        Json.object().put("msg", "{\"type\":\"revocation\"}").put("signature", "").build();
    assertThat(node().post(agent(), "/v2.6/notifications/revocation", body).code()).isEqualTo(200);
    assertThat(node().seen)
        .anyMatch(e -> e instanceof AgentEvent.Refused r && r.what().equals("revocation"));
  }

  @Test
  void aNodeIsBootstrappedOverTheWireOnceAndForAll() throws Exception {
    String verify = "/v2.6/keys/verify?challenge=or6ngoxkY6067DwAtrrW";
    HttpResponse early = node().send(agent(), ClientRequest.get(verify));
    assertThat(early.status()).isEqualTo(400);
    assertThat(Envelope.parse(early.body(), Limits.WIRE).status()).isEqualTo(VerifyReply.NOT_YET);

    PayloadKey nk = PubkeyReply.parse(node().get(agent(), "/v2.6/keys/pubkey")).key();
    BootstrapKey key = BootstrapKey.generate(RANDOM);
    BootstrapKey.Shares shares = key.split(RANDOM);
    Json.Obj v = new VKey(nk.wrap(shares.v())).toJson();
    assertThat(node().post(agent(), "/v2.6/keys/ukey", u(nk, key, shares, "secret")).code())
        .isEqualTo(200);
    assertThat(node().post(agent(), "/v2.6/keys/vkey", v, node().issue("other")).code())
        .isEqualTo(200);
    VerifyReply proof = VerifyReply.parse(node().get(agent(), verify));
    assertThat(proof.hmac()).isEqualTo(key.answer(new VerifyChallenge("or6ngoxkY6067DwAtrrW")));
    assertThat(agent().payload().resolve("decrypted_payload")).hasContent("secret");
    assertThat(agent().isBootstrapped()).isTrue();

    BootstrapKey evil = BootstrapKey.generate(RANDOM);
    BootstrapKey.Shares evils = evil.split(RANDOM);
    assertThat(node().post(agent(), "/v2.6/keys/ukey", u(nk, evil, evils, "evil")).code())
        .isEqualTo(409);
    assertThat(node().post(agent(), "/v2.6/keys/vkey", v).code()).isEqualTo(200);
    assertThat(VerifyReply.parse(node().get(agent(), verify)).hmac()).isEqualTo(proof.hmac());
    assertThat(agent().payload().resolve("decrypted_payload")).hasContent("secret");
  }

  private static Json.Obj u(
      PayloadKey nk, BootstrapKey key, BootstrapKey.Shares shares, String payload) {
    byte[] plain = payload.getBytes(StandardCharsets.US_ASCII);
    return new UKey(
            nk.wrap(shares.u()),
            key.authTag(TestNode.ID),
            Optional.of(Payload.encrypt(key, plain, RANDOM)))
        .toJson();
  }

  private int status(String method, String target) throws Exception {
    HttpResponse response = node().send(agent(), ClientRequest.of(method, target));
    assertThat(Envelope.parse(response.body(), Limits.EVIDENCE).code())
        .isEqualTo(response.status());
    return response.status();
  }

  private TestNode node() {
    return opened.orElseThrow();
  }

  private Agent agent() {
    return started.orElseThrow();
  }
}
