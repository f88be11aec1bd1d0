package dev.keystead.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.ServerTls;
import dev.keystead.http.tls.Subject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class RoundTripTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @Test
  void aRequestReachesTheHandlerAndItsAnswerComesBack() throws Exception {
    try (EventLoops loops = EventLoops.start(2);
        HttpServer server = HttpServer.start(loops, ServerConfig.plain(ANY), RoundTripTest::echo);
        HttpClient client = HttpClient.open(loops, ClientLimits.defaults())) {
      HttpResponse response =
          client.exchange(
              Endpoint.plain("127.0.0.1", server.port()),
              ClientRequest.json("POST", "/v2.6/agents/x%20y?nonce=1", "{}"));
      assertThat(response.status()).isEqualTo(200);
      assertThat(new String(response.body(), StandardCharsets.UTF_8))
          .isEqualTo("POST [v2.6, agents, x y] {} anonymous");
    }
  }

  @Test
  void bothSidesProveWhoTheyAreOverTls() throws Exception {
    CertificateAuthority authority =
        CertificateAuthority.create(
            "test", KeyType.EC_P256, Duration.ofDays(1), InstantSource.system());
    var serverIdentity =
        authority.issue(
            Subject.local("server"), KeyType.RSA_2048, Purpose.SERVER, Duration.ofDays(1));
    var clientIdentity =
        authority.issue(
            Subject.named("admin"), KeyType.EC_P256, Purpose.CLIENT, Duration.ofDays(1));
    try (EventLoops loops = EventLoops.start(2);
        HttpServer server =
            HttpServer.start(
                loops,
                ServerConfig.tls(ANY, ServerTls.required(serverIdentity, authority.trust())),
                RoundTripTest::echo);
        HttpClient client = HttpClient.open(loops, ClientLimits.defaults())) {
      HttpResponse response =
          client.exchange(
              Endpoint.tls(
                  "127.0.0.1",
                  server.port(),
                  ClientTls.mutual(clientIdentity, authority.trust()).verifyingHost()),
              ClientRequest.get("/"));
      assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("GET []  CN=admin");
    }
  }

  private static HttpResponse echo(HttpRequest request) {
    return HttpResponse.text(
        200,
        request.method()
            + " "
            + request.target().segments()
            + " "
            + new String(request.body(), StandardCharsets.UTF_8)
            + " "
            + request
                .peer()
                .certificate()
                .map(c -> c.getSubjectX500Principal().toString())
                .orElse("anonymous"));
  }
}
