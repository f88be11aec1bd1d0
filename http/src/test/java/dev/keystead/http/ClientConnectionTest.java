package dev.keystead.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.http.HttpFailure.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which connections a client makes, keeps, uses again and gives up. */
class ClientConnectionTest {
  private static final ClientRequest GET = ClientRequest.get("/");
  private static final ClientRequest POST = ClientRequest.json("POST", "/", "");
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static EventLoops loops;

  @BeforeAll
  static void start() {
    loops = EventLoops.start(2);
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @Test
  void aConnectionIsUsedAgain() throws Exception {
    try (HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
        ScriptedServer server = ScriptedServer.plain(ClientConnectionTest::answerForEver)) {
      for (int i = 0; i < 5; i++) {
        assertThat(Fixture.text(client.exchange(server.endpoint(), GET))).isEqualTo("ok");
      }
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.requests()).isEqualTo(5);
    }
  }

  @Test
  void aConnectionThatTheServerWillCloseIsNotUsedAgain() throws Exception {
    String closing = OK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    try (HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
        ScriptedServer server = ScriptedServer.answering(closing)) {
      client.exchange(server.endpoint(), POST);
      client.exchange(server.endpoint(), POST);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void anIdleConnectionIsClosed() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (HttpClient client =
            HttpClient.open(loops, ClientLimits.defaults().withIdle(Duration.ofMillis(100)));
        ScriptedServer server =
            ScriptedServer.plain(connection -> {
              connection.readRequest();
              connection.write(OK);
              connection.awaitEnd();
              closed.countDown();
            })) {
      client.exchange(server.endpoint(), GET);
      assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aRequestOnADeadConnectionIsSentOnceMore() throws Exception {
    try (HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
        ScriptedServer server = deadOnSecondRequest()) {
      client.exchange(server.endpoint(), GET);
      assertThat(Fixture.text(client.exchange(server.endpoint(), GET))).isEqualTo("ok");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void aRequestThatMustNotBeRepeatedIsNot() throws Exception {
    try (HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
        ScriptedServer server = deadOnSecondRequest()) {
      client.exchange(server.endpoint(), GET);
      assertFails(Reason.CLOSED, () -> client.exchange(server.endpoint(), POST));
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.requests()).isEqualTo(2);
    }
  }

  @Test
  void aPostThatMayBeRepeatedIs() throws Exception {
    try (HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
        ScriptedServer server = deadOnSecondRequest()) {
      client.exchange(server.endpoint(), GET);
      assertThat(client.exchange(server.endpoint(), POST.asReplayable()).status()).isEqualTo(200);
    }
  }

  @Test
  void aRequestIsRepeatedOnlyOnce() throws Exception {
    try (HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
        ScriptedServer server =
            ScriptedServer.plain(connection -> {
              connection.readRequest();
              if (connection.number() == 1) {
                connection.write(OK);
                connection.readRequest();
              }
            })) {
      client.exchange(server.endpoint(), GET);
      assertFails(Reason.CLOSED, () -> client.exchange(server.endpoint(), GET));
      assertThat(server.requests()).isEqualTo(3);
    }
  }

  @Test
  void anAnswerThatHasBegunIsNotAskedForAgain() throws Exception {
    try (HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
        ScriptedServer server =
            ScriptedServer.plain(connection -> {
              connection.readRequest();
              connection.write(OK);
              connection.readRequest();
              connection.write("HTTP/1.1 2");
            })) {
      client.exchange(server.endpoint(), GET);
      assertFails(Reason.CLOSED, () -> client.exchange(server.endpoint(), GET));
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void bytesThatNobodyAskedForAreNotTheNextAnswer() throws Exception {
    try (HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
        ScriptedServer server =
            ScriptedServer.plain(connection -> {
              connection.readRequest();
              if (connection.number() == 1) {
                connection.write(OK + OK.replace("ok", "no"));
                connection.awaitEnd();
              }
              connection.write(OK);
            })) {
      client.exchange(server.endpoint(), GET);
      assertThat(Fixture.text(client.exchange(server.endpoint(), GET))).isEqualTo("ok");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void anIdleConnectionOnWhichTheServerSpeaksIsClosed() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    CountDownLatch idle = new CountDownLatch(1);
    try (HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
        ScriptedServer server =
            ScriptedServer.plain(connection -> {
              connection.readRequest();
              connection.write(OK);
              if (connection.number() == 1) {
                idle.await();
                connection.write(OK.replace("ok", "no"));
                connection.awaitEnd();
                closed.countDown();
              }
            })) {
      client.exchange(server.endpoint(), GET);
      idle.countDown();
      assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(Fixture.text(client.exchange(server.endpoint(), GET))).isEqualTo("ok");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void oneEndpointThatStallsDelaysNoOther() throws Exception {
    try (HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
        ScriptedServer stalled = ScriptedServer.plain(ScriptedServer.Connection::awaitEnd);
        ScriptedServer good = ScriptedServer.plain(ClientConnectionTest::answerForEver)) {
      List<CompletableFuture<HttpResponse>> waiting = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        waiting.add(client.send(stalled.endpoint(), GET));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(client.exchange(good.endpoint(), GET).status()).isEqualTo(200);
      }
      assertThat(waiting).noneMatch(CompletableFuture::isDone);
      assertThat(stalled.connections()).isLessThanOrEqualTo(ClientLimits.defaults().connections());
    }
  }

  @Test
  void exchangesWaitForAFreeConnectionWithinTheirDeadline() throws Exception {
    try (HttpClient client = HttpClient.open(loops, ClientLimits.defaults().withConnections(1));
        ScriptedServer server = ScriptedServer.plain(ClientConnectionTest::answerForEver);
        ScriptedServer stalled = ScriptedServer.plain(ScriptedServer.Connection::awaitEnd)) {
      List<CompletableFuture<HttpResponse>> waiting = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        waiting.add(client.send(server.endpoint(), GET));
      }
      for (CompletableFuture<HttpResponse> response : waiting) {
        assertThat(response.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
      }
      assertThat(server.connections()).isEqualTo(1);

      CompletableFuture<HttpResponse> first = client.send(stalled.endpoint(), GET);
      assertFails(
          Reason.TIMEOUT,
          () -> client.exchange(stalled.endpoint(), GET.within(Duration.ofMillis(100))));
      assertThat(first).isNotDone();
    }
  }

  @Test
  void tooManyWaitingExchangesAreRefused() throws Exception {
    try (HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
        ScriptedServer stalled = ScriptedServer.plain(ScriptedServer.Connection::awaitEnd)) {
      int fits = ClientLimits.defaults().connections() + ClientLimits.defaults().waiting();
      for (int i = 0; i < fits; i++) {
        var _ = client.send(stalled.endpoint(), GET);
      }
      assertFails(Reason.BUSY, () -> client.exchange(stalled.endpoint(), GET));
    }
  }

  @Test
  void anExchangeThatIsCancelledClosesItsConnection() throws Exception {
    CountDownLatch received = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    try (HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
        ScriptedServer server =
            ScriptedServer.plain(connection -> {
              connection.readRequest();
              received.countDown();
              connection.awaitEnd();
              closed.countDown();
            })) {
      CompletableFuture<HttpResponse> response = client.send(server.endpoint(), GET);
      assertThat(received.await(10, TimeUnit.SECONDS)).isTrue();
      response.cancel(true);
      assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aClientThatClosesFailsWhatIsUnderWay() throws Exception {
    try (ScriptedServer server = ScriptedServer.plain(ScriptedServer.Connection::awaitEnd)) {
      HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
      CompletableFuture<HttpResponse> response = client.send(server.endpoint(), GET);
      client.close();
      assertFails(Reason.CLOSED, () -> unwrap(response));
      assertFails(Reason.CLOSED, () -> client.exchange(server.endpoint(), GET));
    }
  }

  @Test
  void ourClientAndOurServerKeepTheirConnection() throws Exception {
    try (HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
        HttpServer server =
            HttpServer.start(
                loops,
                ServerConfig.plain(Fixture.ANY)
                    .withLimits(ServerLimits.defaults().withConnections(1, 1)),
                Fixture::echo)) {
      Endpoint endpoint = Endpoint.plain("127.0.0.1", server.port());
      for (int i = 0; i < 100; i++) {
        ClientRequest request = ClientRequest.json("POST", "/n/" + i, "{\"n\":" + i + "}");
        assertThat(Fixture.text(client.exchange(endpoint, request)))
            .isEqualTo("POST [n, " + i + "] [] [{\"n\":" + i + "}] anonymous");
      }
    }
  }

  private static void answerForEver(ScriptedServer.Connection connection) throws IOException {
    while (true) {
      connection.readRequest();
      connection.write(OK);
    }
  }

  private static ScriptedServer deadOnSecondRequest() throws IOException {
    return ScriptedServer.plain(connection -> {
      connection.readRequest();
      connection.write(OK);
      if (connection.number() == 1) {
        connection.readRequest();
      } else {
        connection.awaitEnd();
      }
    });
  }

  private static void unwrap(CompletableFuture<HttpResponse> response) throws Throwable {
    try {
      var _ = response.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static void assertFails(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HttpFailure.class, failure -> assertThat(failure.reason()).isEqualTo(reason));
  }
}
