package dev.keystead.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.http.HttpFailure.Reason;
import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.SelfSigned;
import dev.keystead.http.tls.ServerTls;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.http.tls.TrustedCertificates;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which servers a client believes. */
class ClientTlsTest {
  private static final ClientRequest GET = ClientRequest.get("/");
  private static final CertificateAuthority OURS = Fixture.authority("ours");
  private static final TlsIdentity AGENT = selfSigned(0);
  private static EventLoops loops;
  private static HttpClient client;
  private static HttpServer agent;

  @BeforeAll
  static void start() throws Exception {
    loops = EventLoops.start(1);
    client = HttpClient.open(loops, ClientLimits.defaults());
    agent = serve(ServerTls.required(AGENT, OURS.trust()));
  }

  @AfterAll
  static void stop() {
    client.close();
    agent.close();
    loops.close();
  }

  @Test
  void anAgentIsBelievedByItsOwnCertificate() throws Exception {
    ClientTls tls =
        ClientTls.mutual(
            Fixture.client(OURS, "verifier"), TrustedCertificates.pinned(AGENT.certificate()));
    assertThat(Fixture.text(client.exchange(at(agent, tls), GET))).contains("CN=verifier");
  }

  @Test
  void anotherCertificateOfTheSameNameIsNotBelieved() {
    TrustedCertificates other = TrustedCertificates.pinned(selfSigned(0).certificate());
    ClientTls tls = ClientTls.mutual(Fixture.client(OURS, "verifier"), other);
    assertFails(Reason.TLS_UNTRUSTED, () -> client.exchange(at(agent, tls), GET));
  }

  @Test
  void whatAnotherEndpointTrustsIsNotTrustedHere() throws Exception {
    TlsIdentity verifier = Fixture.client(OURS, "verifier");
    ClientTls right = ClientTls.mutual(verifier, TrustedCertificates.pinned(AGENT.certificate()));
    ClientTls wrong =
        ClientTls.mutual(verifier, TrustedCertificates.pinned(selfSigned(0).certificate()));
    for (int i = 0; i < 3; i++) {
      assertThat(client.exchange(at(agent, right), GET).status()).isEqualTo(200);
      assertFails(Reason.TLS_UNTRUSTED, () -> client.exchange(at(agent, wrong), GET));
    }
  }

  @Test
  void anExpiredCertificateIsNotBelievedThoughPinned() throws Exception {
    TlsIdentity old = selfSigned(30);
    try (HttpServer server = serve(ServerTls.anonymous(old))) {
      ClientTls tls = ClientTls.anonymous(TrustedCertificates.pinned(old.certificate()));
      assertFails(Reason.TLS_UNTRUSTED, () -> client.exchange(at(server, tls), GET));
    }
  }

  @Test
  void anAuthorityMakesItsServersBelieved() throws Exception {
    ClientTls ours = ClientTls.anonymous(OURS.trust());
    ClientTls others = ClientTls.anonymous(Fixture.authority("ours").trust());
    try (HttpServer server = serve(ServerTls.anonymous(Fixture.server(OURS)))) {
      assertThat(client.exchange(at(server, ours), GET).status()).isEqualTo(200);
      assertThat(client.exchange(at(server, ours.verifyingHost()), GET).status()).isEqualTo(200);
      assertFails(Reason.TLS_UNTRUSTED, () -> client.exchange(at(server, others), GET));
    }
  }

  @Test
  void aCertificateForAnotherHostIsNotBelievedWhereTheHostCounts() throws Exception {
    TlsIdentity elsewhere =
        OURS.issue(
            new Subject("127.0.0.1", List.of("127.0.0.1", "*"), List.of()),
            KeyType.EC_P256,
            Purpose.SERVER,
            Duration.ofDays(1));
    ClientTls tls = ClientTls.anonymous(OURS.trust());
    try (HttpServer server = serve(ServerTls.anonymous(elsewhere))) {
      assertThat(client.exchange(at(server, tls), GET).status()).isEqualTo(200);
      assertFails(
          Reason.TLS_UNTRUSTED, () -> client.exchange(at(server, tls.verifyingHost()), GET));
      assertFails(
          Reason.TLS_UNTRUSTED,
          () ->
              client.exchange(Endpoint.tls("localhost", server.port(), tls.verifyingHost()), GET));
    }
  }

  @Test
  void aClientCertificateDoesNotMakeAServer() throws Exception {
    ClientTls tls = ClientTls.anonymous(OURS.trust());
    try (HttpServer server = serve(ServerTls.anonymous(Fixture.client(OURS, "admin")))) {
      assertFails(Reason.TLS_UNTRUSTED, () -> client.exchange(at(server, tls), GET));
    }
  }

  @Test
  void aServerThatWantsToKnowWhoAsksRefusesTheAnonymous() {
    ClientTls tls = ClientTls.anonymous(TrustedCertificates.pinned(AGENT.certificate()));
    assertThatThrownBy(() -> client.exchange(at(agent, tls), GET))
        .isInstanceOfSatisfying(
            HttpFailure.class,
            failure -> assertThat(failure.reason()).isIn(Reason.TLS_FAILED, Reason.CLOSED));
  }

  @Test
  void aServerThatDoesNotSpeakTlsFails() throws Exception {
    ClientTls tls = ClientTls.anonymous(OURS.trust());
    try (HttpServer server =
        HttpServer.start(loops, ServerConfig.plain(Fixture.ANY), Fixture::echo)) {
      assertFails(Reason.TLS_FAILED, () -> client.exchange(at(server, tls), GET));
    }
  }

  @Test
  void aServerThatStallsInTheHandshakeTimesOut() throws Exception {
    ClientTls tls = ClientTls.anonymous(OURS.trust());
    Duration minute = Duration.ofSeconds(60);
    ClientLimits limits = ClientLimits.defaults().withTimes(Duration.ofMillis(500), minute, minute);
    try (HttpClient hasty = HttpClient.open(loops, limits);
        ScriptedServer server = ScriptedServer.plain(ScriptedServer.Connection::awaitEnd)) {
      assertFails(
          Reason.CONNECT_TIMEOUT,
          () -> hasty.exchange(Endpoint.tls("127.0.0.1", server.port(), tls), GET));
    }
  }

  @Test
  void aPythonAgentsReplyOverTlsEndsWithTheConnection() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.with(
            JdkTls.server(AGENT).getServerSocketFactory(),
            connection -> {
              connection.readRequest();
              connection.write("HTTP/1.0 200 OK\r\n\r\n{}");
            })) {
      ClientTls tls = ClientTls.anonymous(TrustedCertificates.pinned(AGENT.certificate()));
      HttpResponse response = client.exchange(Endpoint.tls("127.0.0.1", server.port(), tls), GET);
      assertThat(Fixture.text(response)).isEqualTo("{}");
    }
  }

  private static TlsIdentity selfSigned(int daysAgo) {
    return SelfSigned.identity(
        Subject.local("agent"), Fixture.daysAgo(daysAgo).instant(), Duration.ofDays(1));
  }

  private static HttpServer serve(ServerTls tls) throws IOException {
    return HttpServer.start(loops, ServerConfig.tls(Fixture.ANY, tls), Fixture::echo);
  }

  private static Endpoint at(HttpServer server, ClientTls tls) {
    return Endpoint.tls("127.0.0.1", server.port(), tls);
  }

  private static void assertFails(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HttpFailure.class, failure -> assertThat(failure.reason()).isEqualTo(reason));
  }
}
