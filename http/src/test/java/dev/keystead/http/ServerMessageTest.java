package dev.keystead.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server makes of messages: good, bad and made to be read in two ways. */
class ServerMessageTest {
  private static final AtomicInteger HANDLED = new AtomicInteger();
  private static EventLoops loops;
  private static HttpServer server;

  @BeforeAll
  static void start() throws Exception {
    loops = EventLoops.start(1);
    server =
        HttpServer.start(
            loops,
            ServerConfig.plain(Fixture.ANY)
                .withBodyLimit((method, target) -> target.segments().contains("big") ? 65_536 : 100)
                .withErrors((status, reason) ->
                    HttpResponse.json(
                        status, "{\"code\":" + status + ",\"status\":\"" + reason + "\"}")),
            request -> {
              HANDLED.incrementAndGet();
              if (request.target().segments().contains("fail")) {
                throw new IllegalStateException("the secret of the house");
              }
              return Fixture.echo(request);
            });
  }

  @AfterAll
  static void stop() {
    server.close();
    loops.close();
  }

  @BeforeEach
  void nothingHandled() {
    HANDLED.set(0);
  }

  @Test
  void aGetIsAnsweredOnAConnectionThatStaysOpen() throws Exception {
    try (Wire wire = Wire.to(server.port())) {
      for (int i = 0; i < 3; i++) {
        wire.send("GET /a?n=" + i + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(wire.readUntil("anonymous"))
            .startsWith("HTTP/1.1 200 OK\r\n")
            .doesNotContain("Connection: close")
            .contains("value=" + i);
      }
    }
  }

  @Test
  void requestsSentAheadAreAnsweredInOrder() throws Exception {
    String answers =
        Wire.answer(
            server.port(),
            "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
                + "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                + "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                + "GET /4 HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(answers).containsSubsequence("GET [1]", "POST [2] [] [abc]", "GET [3]");
    assertThat(answers).doesNotContain("GET [4]");
  }

  @Test
  void aClientThatEndsItsSideIsStillAnswered() throws Exception {
    try (Wire wire = Wire.to(server.port())) {
      wire.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n").endOutput();
      assertThat(wire.readToEnd()).containsSubsequence("GET [1]", "GET [2]");
    }
  }

  @Test
  void http10IsAnsweredAndClosed() throws Exception {
    assertThat(Wire.answer(server.port(), "GET /a HTTP/1.0\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("Connection: close\r\n")
        .endsWith("anonymous");
  }

  @Test
  void aHeadRequestIsAnsweredWithoutContent() throws Exception {
    assertThat(
            Wire.answer(server.port(), "HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .containsPattern("Content-Length: [1-9]")
        .endsWith("\r\n\r\n");
  }

  @Test
  void aChunkedBodyIsJoined() throws Exception {
    String request =
        String.join(
            "\r\n",
            "POST /a HTTP/1.1",
            "Host: x",
            "Connection: close",
            "Transfer-Encoding: chunked",
            "",
            "3",
            "abc",
            "A;note=1",
            "0123456789",
            "0",
            "Digest: x",
            "",
            "");
    assertThat(Wire.answer(server.port(), request)).contains("[abc0123456789]");
  }

  @Test
  void aRequestInSingleBytesIsTheSameRequest() throws Exception {
    try (Wire wire = Wire.to(server.port())) {
      String request =
          "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n";
      for (int i = 0; i < request.length(); i++) {
        wire.send(request.substring(i, i + 1));
      }
      assertThat(wire.readUntil("anonymous")).contains("[ab]");
    }
  }

  @Test
  void aClientThatAsksFirstIsToldToGoOn() throws Exception {
    try (Wire wire = Wire.to(server.port())) {
      wire.send("PUT /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(wire.readUntil("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      wire.send("ok");
      assertThat(wire.readUntil("anonymous")).contains("[ok]");
    }
  }

  @Test
  void aClientThatAsksFirstForTooMuchIsRefusedBeforeItSends() throws Exception {
    assertRefused(
        413, "PUT /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n");
  }

  @Test
  void theBodyLimitDependsOnThePath() throws Exception {
    String body = "b".repeat(65_536);
    String head = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 65536\r\n\r\n";
    assertThat(Wire.answer(server.port(), "POST /big" + head + body)).contains("200 OK");
    HANDLED.set(0);
    assertRefused(413, "POST /small" + head + body);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          400, "smuggling: both lengths", "Content-Length: 5\\r\\nTransfer-Encoding: chunked"
          400, "smuggling: both, other order", "Transfer-Encoding: chunked\\r\\nContent-Length: 5"
          400, "smuggling: two lengths", "Content-Length: 5\\r\\nContent-Length: 6"
          400, "smuggling: the same twice", "Content-Length: 5\\r\\nContent-Length: 5"
          400, "smuggling: list of lengths", "Content-Length: 5, 5"
          400, "negative length", "Content-Length: -1"
          400, "signed length", "Content-Length: +5"
          400, "hexadecimal length", "Content-Length: 0x5"
          400, "empty length", "Content-Length:"
          400, "endless length", "Content-Length: 99999999999999999999999"
          413, "length above the limit", "Content-Length: 101"
          413, "huge length", "Content-Length: 999999999999999999"
          400, "smuggling: chunked in disguise", "Transfer-Encoding: xchunked"
          400, "smuggling: chunked twice", "Transfer-Encoding: chunked, chunked"
          400, "smuggling: two codings", "Transfer-Encoding: chunked\\r\\nTransfer-Encoding: identity"
          400, "other coding", "Transfer-Encoding: gzip, chunked"
          400, "smuggling: blank before the colon", "Transfer-Encoding : chunked"
          400, "folded header", "X: a\\r\\n b"
          400, "folded first header", " X: a"
          400, "smuggling: bare line feed", "X: a\\nContent-Length: 5"
          400, "smuggling: bare carriage return", "X: a\\rContent-Length: 5"
          400, "NUL in a value", "X: a\\0b"
          400, "DEL in a value", "X: a\\u007fb"
          400, "header without colon", "nonsense"
          400, "header without name", ": a"
          400, "name with a blank", "X y: a"
          400, "second Host", "Host: y"
          417, "unknown expectation", "Expect: miracles"
          """)
  void aHeaderThatCouldMisleadIsRefused(int status, String attack, String header) throws Exception {
    String escaped =
        header
            .replace("\\r", "\r")
            .replace("\\n", "\n")
            .replace("\\0", "\0")
            .replace("\\u007f", "\u007f");
    assertRefused(
        status, "POST /a HTTP/1.1\r\nHost: x\r\n" + escaped + "\r\n\r\nGET /smuggled HTTP/1.1\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a\r\n",
        "GET  /a HTTP/1.1\r\n",
        "GET /a b HTTP/1.1\r\n",
        " GET /a HTTP/1.1\r\n",
        "GET /a HTTP/1.1 \r\n",
        "GET /a http/1.1\r\n",
        "GET /a HTTP/1.10\r\n",
        "G(T /a HTTP/1.1\r\n",
        "GET\t/a\tHTTP/1.1\r\n",
        "GET a HTTP/1.1\r\n",
        "GET http://elsewhere/a HTTP/1.1\r\n",
        "OPTIONS * HTTP/1.1\r\n",
        "CONNECT elsewhere:443 HTTP/1.1\r\n",
        "GET /a#b HTTP/1.1\r\n",
        "GET /a%2Fb HTTP/1.1\r\n",
        "GET /a%5cb HTTP/1.1\r\n",
        "GET /a/../b HTTP/1.1\r\n",
        "GET /a/%2e%2E/b HTTP/1.1\r\n",
        "GET /./a HTTP/1.1\r\n",
        "GET //a HTTP/1.1\r\n",
        "GET /a%00 HTTP/1.1\r\n",
        "GET /a%0d%0aX HTTP/1.1\r\n",
        "GET /a%zz HTTP/1.1\r\n",
        "GET /a% HTTP/1.1\r\n",
        "GET /a%c0%af HTTP/1.1\r\n",
        "GET /\u00e4 HTTP/1.1\r\n",
        "GET /a?b=%00 HTTP/1.1\r\n",
        "\r\n\r\nGET /a HTTP/1.1\r\n",
        "{\"json\": \"without a request line\"}\r\n"
      })
  void aRequestLineThatIsNotOneIsRefused(String line) throws Exception {
    assertRefused(400, line + "Host: x\r\n\r\n");
  }

  @Test
  void aRequestWithoutHostIsRefused() throws Exception {
    assertRefused(400, "GET /a HTTP/1.1\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTP/3.0"})
  void anotherVersionIsRefused(String version) throws Exception {
    assertRefused(505, "GET /a " + version + "\r\nHost: x\r\n\r\n");
  }

  @Test
  void aTargetThatIsTooLongIsRefused() throws Exception {
    assertRefused(414, "GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
  }

  @Test
  void aHeaderThatIsTooLargeIsRefused() throws Exception {
    assertRefused(431, "GET /a HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(17_000) + "\r\n\r\n");
  }

  @Test
  void headersThatAreTooLargeTogetherAreRefused() throws Exception {
    String header = "X: " + "a".repeat(4_000) + "\r\n";
    assertRefused(431, "GET /a HTTP/1.1\r\nHost: x\r\n" + header.repeat(5) + "\r\n");
  }

  @Test
  void tooManyHeadersAreRefused() throws Exception {
    assertRefused(431, "GET /a HTTP/1.1\r\nHost: x\r\n" + "X: a\r\n".repeat(64) + "\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          400, "x\\r\\n"
          400, "\\r\\n"
          400, "-1\\r\\n"
          400, "3 \\r\\nabc\\r\\n"
          400, "3\\nabc\\r\\n"
          400, "3\\r\\nabcd\\r\\n"
          400, "3\\r\\nabc\\n"
          400, "3\\r\\nabcX"
          400, "1FFFFFFFFF\\r\\n"
          413, "65\\r\\n"
          413, "FFFFFFFF\\r\\n"
          413, "64\\r\\n{100}\\r\\n1\\r\\n"
          431, "0\\r\\nX: {20000}\\r\\n\\r\\n"
          400, "0\\r\\nX y\\r\\n\\r\\n"
          400, "3;{300}\\r\\nabc\\r\\n"
          """)
  void aChunkThatIsNotOneIsRefused(int status, String chunks) throws Exception {
    String escaped =
        chunks
            .replace("\\r", "\r")
            .replace("\\n", "\n")
            .replace("{100}", "b".repeat(100))
            .replace("{300}", "b".repeat(300))
            .replace("{20000}", "b".repeat(20_000));
    assertRefused(
        status, "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + escaped);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a HTT",
        "GET /a HTTP/1.1\r\nHost: x\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab",
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n"
      })
  void aRequestThatIsCutShortIsRefused(String start) throws Exception {
    try (Wire wire = Wire.to(server.port())) {
      wire.send(start).endOutput();
      assertThat(wire.readToEnd()).startsWith("HTTP/1.1 400 ");
    }
    assertThat(HANDLED).hasValue(0);
  }

  @Test
  void junkIsRefusedAndNothingOfItIsARequest() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 20; i++) {
      byte[] junk = new byte[10_000];
      random.nextBytes(junk);
      try (Wire wire = Wire.to(server.port())) {
        wire.send(junk).endOutput();
        assertThat(wire.readToEnd()).startsWith("HTTP/1.1 400 ");
      }
    }
    assertThat(HANDLED).hasValue(0);
  }

  @Test
  void tenThousandLettersAreRefused() throws Exception {
    char[] letters = new char[10_000];
    Arrays.fill(letters, 'a');
    assertRefused(414, new String(letters));
  }

  @Test
  void aClientThatSendsMuchMoreThanAllowedStillReadsTheAnswer() throws Exception {
    String body = "b".repeat(3_000_000);
    assertRefused(413, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n" + body);
  }

  @Test
  void aHandlerThatFailsTellsTheClientNothing() throws Exception {
    String answer =
        Wire.answer(server.port(), "GET /fail HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(answer)
        .startsWith("HTTP/1.1 500 ")
        .contains("{\"code\":500,\"status\":\"Internal Server Error\"}")
        .doesNotContain("secret");
  }

  /** Refused in the configured form, closed, and nothing of it reached the handler. */
  private static void assertRefused(int status, String request) throws Exception {
    assertThat(Wire.answer(server.port(), request))
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("Connection: close\r\n")
        .contains("{\"code\":" + status + ",\"status\":\"")
        .containsOnlyOnce("HTTP/1.1");
    assertThat(HANDLED).hasValue(0);
  }
}
