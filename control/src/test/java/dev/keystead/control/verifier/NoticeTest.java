package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.Endpoint;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.HttpServer;
import dev.keystead.http.ServerConfig;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.ServerTls;
import dev.keystead.keylime.revocation.Revocation;
import dev.keystead.keylime.revocation.SignedRevocation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Who is told of a revocation, when, and what keeps whom from being told. */
class NoticeTest extends VerifierFixture {
  @Test
  void whatWasNotDeliveredIsDeliveredAfterARestart() throws Exception {
    TestAgent away = agent("away");
    TestAgent bad = agent("bad");
    enrol(away, away.enrolment(Optional.empty(), Optional.empty()));
    enrol(bad, bad.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, away);
    await(ControlEvent.Passed.class, bad);
    int port = away.vanish();
    fail(bad);
    verifier.close();
    away.reappear(port, away.identity);
    verifier = start(folder.resolve("verifier.db"), FAST);
    await("the one that was away is told", () -> !away.notices.isEmpty());
    assertThat(Revocation.parse(away.notices.getFirst().msg()).about()).isEqualTo(bad.id);
  }

  @Test
  void aRecipientThatHangsOrLiesDelaysNoOther() throws Exception {
    TestAgent hangs = agent("hangs");
    TestAgent lies = agent("lies");
    TestAgent good = agent("good");
    TestAgent bad = agent("bad");
    for (TestAgent each : List.of(hangs, lies, good, bad)) {
      enrol(each, each.enrolment(Optional.empty(), Optional.empty()));
      await(ControlEvent.Passed.class, each);
    }
    hangs.script =
        Optional.of(request -> {
          Thread.sleep(60_000);
          return HttpResponse.of(200);
        });
    lies.script = Optional.of(request -> HttpResponse.json(500, "}{"));
    fail(bad);
    await("the good one is told", () -> !good.notices.isEmpty());
    assertThat(hangs.notices).isEmpty();
    lies.script = Optional.empty();
    await("the other is told as soon as it listens", () -> !lies.notices.isEmpty());
  }

  @Test
  void revocationsComeInTheOrderOfTheirDecisions() throws Exception {
    TestAgent away = agent("away");
    TestAgent first = agent("first");
    TestAgent second = agent("second");
    for (TestAgent each : List.of(away, first, second)) {
      enrol(each, each.enrolment(Optional.empty(), Optional.empty()));
      await(ControlEvent.Passed.class, each);
    }
    away.script = Optional.of(request -> HttpResponse.of(503));
    fail(first);
    fail(second);
    away.script = Optional.empty();
    await("both are told", () -> away.notices.size() >= 2);
    assertThat(away.notices)
        .extracting(notice -> Revocation.parse(notice.msg()).about())
        .containsExactly(first.id, second.id);
  }

  @Test
  void aNoticeThatNobodyTakesIsGivenUpInTheEndAndTheLedgerSaysSo() throws Exception {
    verifier.close();
    verifier =
        start(
            folder.resolve("short.db"),
            FAST.telling(Duration.ofMillis(200), Duration.ofMillis(100), Duration.ofMillis(600)));
    TestAgent deaf = agent("deaf");
    TestAgent bad = agent("bad");
    enrol(deaf, deaf.enrolment(Optional.empty(), Optional.empty()));
    enrol(bad, bad.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, deaf);
    await(ControlEvent.Passed.class, bad);
    deaf.deaf = true;
    fail(bad);
    await(ControlEvent.NoticeExpired.class, bad);
    assertThat(kinds(bad)).endsWith(EntryKind.NOTICE_EXPIRED);
  }

  @Test
  void theWebhookIsToldAsWell() throws Exception {
    List<SignedRevocation> told = new CopyOnWriteArrayList<>();
    try (HttpServer hook =
        HttpServer.start(
            loops,
            ServerConfig.tls(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ServerTls.required(identity.server(), identity.trust())),
            request -> {
              assertThat(request.target().segments()).containsExactly("hook");
              told.add(SignedRevocation.parse(Json.parse(request.body(), Limits.WIRE)));
              return HttpResponse.of(202);
            })) {
      verifier.close();
      Endpoint endpoint =
          Endpoint.tls(
              "127.0.0.1", hook.port(), ClientTls.mutual(identity.client(), identity.trust()));
      verifier =
          start(
              config(folder.resolve("hook.db"), FAST)
                  .telling(new VerifierConfig.Webhook(endpoint, "/hook")));
      TestAgent bad = agent("bad");
      enrol(bad, bad.enrolment(Optional.empty(), Optional.empty()));
      await(ControlEvent.Passed.class, bad);
      fail(bad);
      await("the webhook is told", () -> !told.isEmpty());
      assertThat(Revocation.parse(told.getFirst().msg()).about()).isEqualTo(bad.id);
    }
  }

  private void fail(TestAgent agent) throws Exception {
    agent.measure("/usr/bin/evil", new byte[32]);
    await(ControlEvent.Failed.class, agent);
  }
}
