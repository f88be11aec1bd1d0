package dev.keystead.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.http.HttpFailure.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client makes of servers that answer wrongly, too much, too slowly or not at all. */
class ClientMessageTest {
  private static final ClientRequest GET = ClientRequest.get("/v2.6/quotes?nonce=1");
  private static EventLoops loops;
  private static HttpClient client;
  private static HttpClient hasty;

  @BeforeAll
  static void start() {
    loops = EventLoops.start(1);
    ClientLimits limits = ClientLimits.defaults().withBody(10_000);
    client = HttpClient.open(loops, limits);
    hasty =
        HttpClient.open(
            loops,
            limits.withTimes(
                Duration.ofSeconds(20), Duration.ofMillis(300), Duration.ofMillis(900)));
  }

  @AfterAll
  static void stop() {
    client.close();
    hasty.close();
    loops.close();
  }

  @Test
  void anHttp10ReplyWithoutLengthEndsWithTheConnection() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.answering(
            "HTTP/1.0 200 OK\r\nServer: BaseHTTP/0.6\r\n\r\n{\"code\": 200}")) {
      HttpResponse response = client.exchange(server.endpoint(), GET);
      assertThat(response.status()).isEqualTo(200);
      assertThat(Fixture.text(response)).isEqualTo("{\"code\": 200}");
    }
  }

  @Test
  void aChunkedReplyIsJoined() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n")) {
      assertThat(Fixture.text(client.exchange(server.endpoint(), GET))).isEqualTo("abcd");
    }
  }

  @Test
  void interimRepliesArePassedOver() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.answering(
            "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 404\r\nContent-Length: 2\r\n\r\nno")) {
      HttpResponse response = client.exchange(server.endpoint(), GET);
      assertThat(response.status()).isEqualTo(404);
      assertThat(Fixture.text(response)).isEqualTo("no");
    }
  }

  @Test
  void aRedirectIsAResponseLikeAnyOther() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.answering(
            "HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(client.exchange(server.endpoint(), GET).status()).isEqualTo(302);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 999 OK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: one\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na",
        "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "\u0016\u0003\u0001"
      })
  void aReplyThatIsNotHttpIsMalformed(String response) throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(response)) {
      assertFails(Reason.MALFORMED, () -> client.exchange(server.endpoint(), GET));
    }
  }

  @Test
  void endlessInterimRepliesAreMalformed() throws Exception {
    try (ScriptedServer server = endless("", "HTTP/1.1 100 Continue\r\n\r\n")) {
      assertFails(Reason.MALFORMED, () -> client.exchange(server.endpoint(), GET));
    }
  }

  @Test
  void endlessHeadersAreTooLarge() throws Exception {
    try (ScriptedServer server = endless("HTTP/1.1 200 OK\r\n", "X: yyyyyyyyyyyyyyyyyyyy\r\n")) {
      assertFails(Reason.TOO_LARGE, () -> client.exchange(server.endpoint(), GET));
    }
  }

  @Test
  void anEndlessStatusLineIsTooLarge() throws Exception {
    try (ScriptedServer server = endless("HTTP/1.1 200 ", "OK")) {
      assertFails(Reason.TOO_LARGE, () -> client.exchange(server.endpoint(), GET));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 10001\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n"
      })
  void anEndlessBodyIsTooLarge(String head) throws Exception {
    try (ScriptedServer server = endless(head, "bbbbbbbbbbbbbbbb")) {
      assertFails(Reason.TOO_LARGE, () -> client.exchange(server.endpoint(), GET));
    }
  }

  @Test
  void endlessSmallChunksAreTooLarge() throws Exception {
    try (ScriptedServer server =
        endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nb\r\n")) {
      assertFails(Reason.TOO_LARGE, () -> client.exchange(server.endpoint(), GET));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 2",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n"
      })
  void aReplyThatIsCutShortIsClosed(String response) throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(response)) {
      assertFails(Reason.CLOSED, () -> client.exchange(server.endpoint(), GET));
      assertThat(server.requests()).isEqualTo(1);
    }
  }

  @Test
  void aServerThatSaysNothingTimesOut() throws Exception {
    try (ScriptedServer server = ScriptedServer.plain(ScriptedServer.Connection::awaitEnd)) {
      assertFails(Reason.TIMEOUT, () -> hasty.exchange(server.endpoint(), GET));
    }
  }

  @Test
  void aHeadThatTricklesTimesOut() throws Exception {
    try (ScriptedServer server = trickling("HTTP/1.1 200 OK\r\n", "X: y\r\n")) {
      assertFails(Reason.TIMEOUT, () -> hasty.exchange(server.endpoint(), GET));
    }
  }

  @Test
  void aBodyThatTricklesTimesOut() throws Exception {
    try (ScriptedServer server =
        trickling("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n", "b")) {
      assertFails(Reason.TIMEOUT, () -> hasty.exchange(server.endpoint(), GET));
    }
  }

  @Test
  void aRequestMayHaveItsOwnDeadline() throws Exception {
    try (ScriptedServer server =
        trickling("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n", "b")) {
      assertFails(
          Reason.TIMEOUT,
          () -> client.exchange(server.endpoint(), GET.within(Duration.ofMillis(200))));
    }
  }

  @Test
  void nobodyListening() throws Exception {
    int port;
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = listener.getLocalPort();
    }
    assertFails(
        Reason.CONNECT_REFUSED, () -> client.exchange(Endpoint.plain("127.0.0.1", port), GET));
  }

  @Test
  void aNameWithoutAddress() {
    assertFails(
        Reason.CONNECT_REFUSED,
        () -> client.exchange(Endpoint.plain("no-such-host.invalid", 80), GET));
  }

  @Test
  void requestsThatCouldSplitAreNotBuilt() {
    assertThatThrownBy(() -> ClientRequest.get("/a HTTP/1.1\r\nX: y"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ClientRequest.of("GET /", "/a"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GET.with("X", "a\r\nY: b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GET.with("X:", "a")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Endpoint.plain("a\r\nb", 80))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ScriptedServer endless(String head, String unit) throws IOException {
    String many = unit.repeat(100);
    return ScriptedServer.plain(connection -> {
      connection.readRequest();
      connection.write(head);
      while (true) {
        connection.write(many);
      }
    });
  }

  private static ScriptedServer trickling(String head, String unit) throws IOException {
    return ScriptedServer.plain(connection -> {
      connection.readRequest();
      connection.write(head);
      while (true) {
        connection.write(unit);
        Thread.sleep(30);
      }
    });
  }

  private static void assertFails(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HttpFailure.class, failure -> assertThat(failure.reason()).isEqualTo(reason));
  }
}
