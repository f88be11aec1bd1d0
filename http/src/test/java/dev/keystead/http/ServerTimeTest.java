package dev.keystead.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What slow, silent and too many clients get, and that others do not notice. */
class ServerTimeTest {
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static EventLoops loops;

  @BeforeAll
  static void start() {
    loops = EventLoops.start(1);
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @Test
  void aSlowLorisIsCutOffAndOthersAreServedMeanwhile() throws Exception {
    ServerLimits limits = ServerLimits.defaults().withRequestTime(Duration.ofSeconds(2), LONG);
    try (HttpServer server = echo(limits);
        Wire loris = Wire.to(server.port())) {
      CompletableFuture<String> end = readInBackground(loris);
      loris.send("GET /a HTTP/1.1\r\nX: ");
      while (!end.isDone()) {
        loris.send("y");
        assertThat(Wire.answer(server.port(), "GET /other HTTP/1.0\r\n\r\n")).contains("200 OK");
        Thread.sleep(20);
      }
      assertThat(end.get()).startsWith("HTTP/1.1 408 ").contains("Connection: close");
    }
  }

  @Test
  void aBodyThatTricklesIsCutOff() throws Exception {
    ServerLimits limits = ServerLimits.defaults().withRequestTime(LONG, SHORT);
    try (HttpServer server = echo(limits);
        Wire wire = Wire.to(server.port())) {
      CompletableFuture<String> end = readInBackground(wire);
      wire.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
      while (!end.isDone()) {
        wire.send("b");
        Thread.sleep(20);
      }
      assertThat(end.get()).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void aConnectionThatSaysNothingIsClosedWithoutAnAnswer() throws Exception {
    try (HttpServer server = echo(ServerLimits.defaults().withRequestTime(SHORT, LONG));
        Wire wire = Wire.to(server.port())) {
      assertThat(wire.isClosedSilently()).isTrue();
    }
  }

  @Test
  void aKeptConnectionThatIsIdleIsClosedWithoutAnAnswer() throws Exception {
    try (HttpServer server = echo(ServerLimits.defaults().withConnectionTime(SHORT, LONG));
        Wire wire = Wire.to(server.port())) {
      wire.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n").readUntil("anonymous");
      assertThat(wire.isClosedSilently()).isTrue();
    }
  }

  @Test
  void aClientThatDoesNotReadItsResponseIsCutOff() throws Exception {
    ServerLimits base = ServerLimits.defaults();
    ServerLimits limits =
        new ServerLimits(
            base.startLine(),
            base.head(),
            base.headers(),
            LONG,
            LONG,
            LONG,
            LONG,
            SHORT,
            SHORT,
            base.connections(),
            base.connectionsPerAddress(),
            base.requests());
    int size = 64 * 1024 * 1024;
    try (HttpServer server =
            HttpServer.start(
                loops,
                ServerConfig.plain(Fixture.ANY).withLimits(limits),
                request -> HttpResponse.of(200, "application/octet-stream", new byte[size]));
        Wire wire = Wire.to(server.port())) {
      wire.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
      Thread.sleep(2 * SHORT.toMillis());
      assertThat(lengthUntilClosed(wire)).isLessThan(size);
    }
  }

  @Test
  void aClientThatSendsAheadWithoutEndIsHeldBack() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (HttpServer server =
            HttpServer.start(
                loops,
                ServerConfig.plain(Fixture.ANY),
                request -> {
                  go.await();
                  return HttpResponse.of(204);
                });
        Wire wire = Wire.to(server.port())) {
      byte[] requests = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1_000_000).getBytes(US_ASCII);
      CompletableFuture<Void> sent = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try {
              wire.send(requests);
              sent.complete(null);
            } catch (IOException e) {
              sent.completeExceptionally(e);
            }
          });
      Thread.sleep(500);
      assertThat(sent).isNotDone();
      go.countDown();
      assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 204 ");
    }
  }

  @Test
  void connectionsAboveTheLimitAreClosedAndAPlaceThatBecomesFreeIsTaken() throws Exception {
    try (HttpServer server = echo(ServerLimits.defaults().withConnections(100, 2))) {
      try (Wire first = Wire.to(server.port());
          Wire second = Wire.to(server.port());
          Wire third = Wire.to(server.port())) {
        first.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n").readUntil("anonymous");
        second.send("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n").readUntil("anonymous");
        assertThat(third.isClosedSilently()).isTrue();
      }
      String answer = "";
      while (!answer.contains("200 OK")) {
        answer = answerOrNothing(server.port());
      }
    }
  }

  @Test
  void noMoreRequestsThanAllowedAreHandledAtATime() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (HttpServer server =
        HttpServer.start(
            loops,
            ServerConfig.plain(Fixture.ANY).withLimits(ServerLimits.defaults().withRequests(2)),
            request -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              Thread.sleep(20);
              running.decrementAndGet();
              return HttpResponse.of(204);
            })) {
      List<Wire> wires = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        wires.add(Wire.to(server.port()).send("GET /a HTTP/1.0\r\n\r\n"));
      }
      for (Wire wire : wires) {
        assertThat(wire.readToEnd()).startsWith("HTTP/1.1 204 ");
        wire.close();
      }
    }
    assertThat(most.get()).isBetween(1, 2);
  }

  @Test
  void aServerThatClosesAnswersWhatIsUnderWay() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    HttpServer server =
        HttpServer.start(
            loops,
            ServerConfig.plain(Fixture.ANY),
            request -> {
              entered.countDown();
              go.await();
              return Fixture.echo(request);
            });
    try (Wire idle = Wire.to(server.port());
        Wire busy = Wire.to(server.port())) {
      busy.send("GET /busy HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
      Thread closing = Thread.ofVirtual().start(server::close);
      assertThat(idle.isClosedSilently()).isTrue();
      go.countDown();
      assertThat(busy.readToEnd()).contains("200 OK", "Connection: close", "GET [busy]");
      closing.join();
      assertThatThrownBy(() -> Wire.to(server.port())).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void anAsynchronousHandlerMayAnswerLaterOrFail() throws Exception {
    try (HttpServer server =
        HttpServer.startAsync(
            loops,
            ServerConfig.plain(Fixture.ANY),
            request ->
                CompletableFuture.supplyAsync(() -> {
                  if (request.target().segments().contains("refused")) {
                    throw new HttpRefusal(409, "not now");
                  }
                  return Fixture.echo(request);
                }))) {
      assertThat(Wire.answer(server.port(), "GET /a HTTP/1.0\r\n\r\n")).contains("GET [a]");
      assertThat(Wire.answer(server.port(), "GET /refused HTTP/1.0\r\n\r\n"))
          .startsWith("HTTP/1.1 409 Conflict\r\n")
          .contains("not now");
    }
  }

  private static HttpServer echo(ServerLimits limits) throws IOException {
    return HttpServer.start(
        loops, ServerConfig.plain(Fixture.ANY).withLimits(limits), Fixture::echo);
  }

  private static CompletableFuture<String> readInBackground(Wire wire) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            text.complete(wire.readToEnd());
          } catch (IOException e) {
            text.completeExceptionally(e);
          }
        });
    return text;
  }

  private static int lengthUntilClosed(Wire wire) {
    try {
      return wire.readToEnd().length();
    } catch (IOException e) {
      return 0;
    }
  }

  private static String answerOrNothing(int port) {
    try {
      return Wire.answer(port, "GET /a HTTP/1.0\r\n\r\n");
    } catch (IOException e) {
      return "";
    }
  }
}
