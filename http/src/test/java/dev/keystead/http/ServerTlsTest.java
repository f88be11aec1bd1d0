package dev.keystead.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.SelfSigned;
import dev.keystead.http.tls.ServerTls;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a server lets in over TLS, judged by the JDK's client. */
class ServerTlsTest {
  private static final AtomicInteger HANDLED = new AtomicInteger();
  private static final CertificateAuthority OURS = Fixture.authority("ours");
  private static final CertificateAuthority THEIRS = Fixture.authority("theirs");
  private static EventLoops loops;
  private static HttpServer required;
  private static HttpServer optional;

  @BeforeAll
  static void start() throws Exception {
    loops = EventLoops.start(1);
    TlsIdentity identity = Fixture.server(OURS);
    required = start(ServerTls.required(identity, OURS.trust()));
    optional = start(ServerTls.optional(identity, OURS.trust()));
  }

  private static HttpServer start(ServerTls tls) throws IOException {
    return start(ServerConfig.tls(Fixture.ANY, tls));
  }

  private static HttpServer start(ServerConfig config) throws IOException {
    return HttpServer.start(
        loops,
        config,
        request -> {
          HANDLED.incrementAndGet();
          return Fixture.echo(request);
        });
  }

  @AfterAll
  static void stop() {
    required.close();
    optional.close();
    loops.close();
  }

  @BeforeEach
  void nothingHandled() {
    HANDLED.set(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aClientOfOurAuthorityIsKnownByItsCertificate(String protocol) throws Exception {
    SSLContext client = JdkTls.client(Fixture.client(OURS, "admin"));
    assertThat(ask(client, required, protocol)).contains("CN=admin");
    assertThat(ask(client, optional, protocol)).contains("CN=admin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aClientWithoutCertificateIsAnonymousWhereThatIsAllowed(String protocol) throws Exception {
    assertThat(ask(JdkTls.anonymousClient(), optional, protocol)).contains("anonymous");
    HANDLED.set(0);
    assertRefused(JdkTls.anonymousClient(), required, protocol);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aClientOfAnotherAuthorityIsNeitherKnownNorAnonymous(String protocol) throws Exception {
    SSLContext stranger = JdkTls.client(Fixture.client(THEIRS, "admin"));
    assertRefused(stranger, required, protocol);
    assertRefused(stranger, optional, protocol);
  }

  @Test
  void anotherAuthorityOfTheSameNameIsAnotherAuthority() throws Exception {
    SSLContext stranger = JdkTls.client(Fixture.client(Fixture.authority("ours"), "admin"));
    assertRefused(stranger, required, "TLSv1.3");
    assertRefused(stranger, optional, "TLSv1.3");
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    CertificateAuthority past = Fixture.authority("past", Fixture.daysAgo(30));
    TlsIdentity expired = Fixture.client(past, "admin");
    try (HttpServer server =
            start(ServerTls.required(Fixture.server(OURS), Fixture.trust(past.certificate())));
        HttpServer lenient =
            start(ServerTls.optional(Fixture.server(OURS), Fixture.trust(past.certificate())))) {
      assertRefused(JdkTls.client(expired), server, "TLSv1.3");
      assertRefused(JdkTls.client(expired), lenient, "TLSv1.3");
    }
  }

  @Test
  void aCertificateDoesNotOutliveItsAuthority() throws Exception {
    CertificateAuthority past =
        CertificateAuthority.create(
            "past", KeyType.EC_P256, Duration.ofDays(10), Fixture.daysAgo(30));
    TlsIdentity valid =
        past.issue(Subject.named("admin"), KeyType.EC_P256, Purpose.CLIENT, Duration.ofDays(60));
    ServerTls tls = ServerTls.required(Fixture.server(OURS), Fixture.trust(past.certificate()));
    try (HttpServer server = start(tls)) {
      assertRefused(JdkTls.client(valid), server, "TLSv1.3");
    }
  }

  @Test
  void aRevokedCertificateIsRefused() throws Exception {
    CertificateAuthority authority = Fixture.authority("revoking");
    TlsIdentity good = Fixture.client(authority, "good");
    TlsIdentity revoked = Fixture.client(authority, "revoked");
    authority.revoke(revoked.certificate());
    try (HttpServer server = start(ServerTls.required(Fixture.server(OURS), authority.trust()))) {
      assertThat(ask(JdkTls.client(good), server, "TLSv1.3")).contains("CN=good");
      HANDLED.set(0);
      assertRefused(JdkTls.client(revoked), server, "TLSv1.3");
    }
  }

  @Test
  void aServersCertificateIsNoClientCertificate() throws Exception {
    assertRefused(JdkTls.client(Fixture.server(OURS)), required, "TLSv1.3");
  }

  @Test
  void aSelfSignedCertificateIsRefused() throws Exception {
    TlsIdentity self =
        SelfSigned.identity(Subject.named("admin"), Instant.now(), Duration.ofDays(1));
    assertRefused(JdkTls.client(self), required, "TLSv1.3");
    assertRefused(JdkTls.client(self), optional, "TLSv1.3");
  }

  @Test
  void aCertificateThatAnEndEntityIssuedIsRefused() throws Exception {
    TlsIdentity middle = Fixture.client(OURS, "middle");
    CertificateAuthority fake = Fixture.authority("middle");
    TlsIdentity leaf = Fixture.client(fake, "admin");
    SSLContext client =
        JdkTls.client(leaf.key(), List.of(leaf.certificate(), middle.certificate()));
    assertRefused(client, required, "TLSv1.3");
  }

  @Test
  void aStrangersChainThatEndsInOurAuthorityIsRefused() throws Exception {
    TlsIdentity stranger = Fixture.client(THEIRS, "admin");
    SSLContext client =
        JdkTls.client(stranger.key(), List.of(stranger.certificate(), OURS.certificate()));
    assertRefused(client, required, "TLSv1.3");
  }

  @Test
  void acceptedChainsMayEndInTheAuthorityItself() throws Exception {
    TlsIdentity admin = Fixture.client(OURS, "admin");
    SSLContext client =
        JdkTls.client(admin.key(), List.of(admin.certificate(), OURS.certificate()));
    assertThat(ask(client, required, "TLSv1.3")).contains("CN=admin");
  }

  @Test
  void anRsaClientIsServedAsWell() throws Exception {
    TlsIdentity admin =
        OURS.issue(Subject.named("rsa"), KeyType.RSA_2048, Purpose.BOTH, Duration.ofDays(1));
    assertThat(ask(JdkTls.client(admin), required, "TLSv1.2")).contains("CN=rsa");
  }

  @Test
  void oldVersionsAndCiphersAreNotSpoken() throws Exception {
    try (SSLSocket socket = JdkTls.connect(JdkTls.anonymousClient(), optional.port(), "TLSv1.2")) {
      socket.setEnabledCipherSuites(
          new String[] {
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"
          });
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
    }
    // A ClientHello of TLS 1.1 without extensions.
    byte[] hello = new byte[52];
    byte[] start = {22, 3, 1, 0, 47, 1, 0, 0, 43, 3, 2};
    System.arraycopy(start, 0, hello, 0, start.length);
    byte[] end = {0, 0, 4, (byte) 0xc0, 0x09, (byte) 0xc0, 0x13, 1, 0};
    System.arraycopy(end, 0, hello, 43, end.length);
    try (Wire wire = Wire.to(optional.port())) {
      assertThat(wire.send(hello).readToEnd()).startsWith("\u0015\u0003");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void noSessionIsResumed(String protocol) throws Exception {
    SSLContext client = JdkTls.client(Fixture.client(OURS, "admin"));
    List<Long> made = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try (SSLSocket socket = JdkTls.connect(client, required.port(), protocol);
          Wire wire = new Wire(socket)) {
        wire.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n").readUntil("CN=admin");
        made.add(socket.getSession().getCreationTime());
      }
      Thread.sleep(5);
    }
    assertThat(made.get(0)).isNotEqualTo(made.get(1));
  }

  @Test
  void plainHttpOnATlsPortIsNoRequest() throws Exception {
    try (Wire wire = Wire.to(optional.port())) {
      wire.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(wire.readToEnd()).doesNotContain("HTTP");
    }
    assertThat(HANDLED).hasValue(0);
  }

  @Test
  void stalledHandshakesDelayNobodyAndAreEnded() throws Exception {
    ServerLimits limits =
        ServerLimits.defaults().withConnectionTime(Duration.ofSeconds(60), Duration.ofSeconds(3));
    ServerTls tls = ServerTls.required(Fixture.server(OURS), OURS.trust());
    List<Wire> stalled = new ArrayList<>();
    try (HttpServer server = start(ServerConfig.tls(Fixture.ANY, tls).withLimits(limits))) {
      for (int i = 0; i < 40; i++) {
        stalled.add(Wire.to(server.port()).send(new byte[] {22, 3, 1, 0, 100, 1, 0}));
      }
      SSLContext client = JdkTls.client(Fixture.client(OURS, "admin"));
      assertThat(ask(client, server, "TLSv1.3")).contains("CN=admin");
      for (Wire wire : stalled) {
        assertThat(wire.isClosedSilently()).isTrue();
      }
    } finally {
      for (Wire wire : stalled) {
        wire.close();
      }
    }
  }

  private static String ask(SSLContext client, HttpServer server, String protocol)
      throws Exception {
    try (Wire wire = new Wire(JdkTls.connect(client, server.port(), protocol))) {
      wire.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      return wire.readToEnd();
    }
  }

  /** In TLS 1.3 a client sees only after its handshake that the server refused it. */
  private static void assertRefused(SSLContext client, HttpServer server, String protocol) {
    assertThatThrownBy(() -> ask(client, server, protocol))
        .isInstanceOfAny(SSLException.class, SocketException.class);
    assertThat(HANDLED).hasValue(0);
  }
}
