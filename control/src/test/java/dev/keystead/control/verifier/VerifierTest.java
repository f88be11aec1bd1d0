package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ControlIdentity;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.evidence.json.Json;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Endpoint;
import dev.keystead.http.HttpFailure;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.bootstrap.KeyShare;
import dev.keystead.keylime.quote.QuoteQuery;
import dev.keystead.keylime.revocation.Revocation;
import dev.keystead.keylime.revocation.RevocationKey;
import dev.keystead.keylime.revocation.SignedRevocation;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.OperationalState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifierTest extends VerifierFixture {
  private static final byte[] EVIL = new byte[32];

  @Test
  void aGoodNodeIsTrustedAndGetsItsShareAndIsAskedOnlyForWhatIsNew() throws Exception {
    TestAgent agent = agent("good");
    KeyShare share = TestAgent.share();
    enrol(agent, agent.enrolment(Optional.of(share), Optional.empty()));
    await("three rounds", () -> agent.asked.size() >= 3);
    await(ControlEvent.ShareDelivered.class, agent);

    assertThat(agent.asked.get(0).imaEntry()).isZero();
    assertThat(agent.asked.get(0).partial()).isFalse();
    assertThat(agent.asked.get(2).imaEntry()).isEqualTo(2);
    assertThat(agent.asked.get(2).partial()).isTrue();
    assertThat(agent.asked.stream().map(QuoteQuery.Integrity::nonce).distinct())
        .hasSameSizeAs(agent.asked);
    assertThat(agent.shares).containsExactly(share);
    assertThat(kinds(agent))
        .containsExactly(EntryKind.ENROLLED, EntryKind.TRUSTED, EntryKind.SHARE_DELIVERED);
    var status = status(agent);
    assertThat(status.state()).isEqualTo(OperationalState.GET_QUOTE);
    assertThat(status.attestationStatus()).isEqualTo(AttestationStatus.PASS);
    assertThat(status.attestations()).isGreaterThanOrEqualTo(2);
    assertThat(status.hashAlg()).isEqualTo("sha256");
    HttpResponse raw = owner("GET", "/v2.6/agents/" + agent.id);
    assertThat(results(raw).members()).doesNotContainKey("v");
    assertThat(raw.body()).asString().doesNotContain(share.toBase64());
  }

  @Test
  void anUnlistedFileMakesANodeUntrustedAndTheOthersAreTold() throws Exception {
    TestAgent bad = agent("bad");
    TestAgent other = agent("other");
    RevocationKey key =
        RevocationKey.parse(PrivateKeys.toPem(TestAgent.revocationKey().getPrivate()));
    enrol(bad, bad.enrolment(Optional.empty(), Optional.of(key)));
    enrol(other, other.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, bad);
    await(ControlEvent.Passed.class, other);

    bad.measure("/usr/bin/evil", EVIL);

    ControlEvent.Failed failed = await(ControlEvent.Failed.class, bad);
    assertThat(failed.reasons()).anyMatch(reason -> reason.contains("/usr/bin/evil"));
    assertThat(failed.event()).isEqualTo("ima.validation.ima-ng.not_in_allowlist");
    await("the other is told", () -> !other.notices.isEmpty());
    SignedRevocation notice = other.notices.getFirst();
    Revocation message = notice.verify(TestAgent.revocationKey().getPublic());
    assertThat(message.about()).isEqualTo(bad.id);
    assertThat(message.type()).isEqualTo(Revocation.Type.REVOCATION);
    assertThat(message.order()).isPresent();
    assertThat(bad.notices).isEmpty();
    assertThat(kinds(bad)).containsExactly(EntryKind.ENROLLED, EntryKind.TRUSTED, EntryKind.FAILED);
    var status = status(bad);
    assertThat(status.state()).isEqualTo(OperationalState.INVALID_QUOTE);
    assertThat(status.attestationStatus()).isEqualTo(AttestationStatus.FAIL);
    assertThat(status.lastEvent()).isPresent();
    int rounds = bad.asked.size();
    await("the other goes on", () -> other.asked.size() > rounds + 5);
    assertThat(bad.asked).hasSize(rounds);
    assertThat(status(other).attestationStatus()).isEqualTo(AttestationStatus.PASS);
  }

  @Test
  void aNodeThatIsBadFromTheStartNeverGetsItsShare() throws Exception {
    TestAgent agent = agent("bad");
    var add = agent.enrolment(Optional.of(TestAgent.share()), Optional.empty());
    agent.measure("/usr/bin/evil", EVIL);
    enrol(agent, add);
    await(ControlEvent.Failed.class, agent);
    assertThat(agent.shares).isEmpty();
    assertThat(kinds(agent)).containsExactly(EntryKind.ENROLLED, EntryKind.FAILED);
  }

  @Test
  void aQuoteFromBeforeIsRefused() throws Exception {
    TestAgent agent = agent("replay");
    var first =
        new Object() {
          volatile Optional<Json.Obj> reply = Optional.empty();
        };
    agent.tampering =
        reply -> {
          Json.Obj answer = first.reply.orElse(reply);
          first.reply = Optional.of(answer);
          return answer;
        };
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    ControlEvent.Failed failed = await(ControlEvent.Failed.class, agent);
    assertThat(failed.reasons()).anyMatch(reason -> reason.contains("nonce"));
  }

  @Test
  void aQuoteByAnotherTpmIsRefused() throws Exception {
    TestAgent agent = agent("claims");
    TestAgent other = agent("owns");
    var add = agent.enrolment(Optional.empty(), Optional.empty());
    agent.script = Optional.of(other::integrity);
    enrol(agent, add);
    ControlEvent.Failed failed = await(ControlEvent.Failed.class, agent);
    assertThat(failed.event()).isEqualTo("qoute_validation.quote_validation");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "quote|\"\"",
        "quote|null",
        "quote|7",
        "quote|\"r::\"",
        "quote|\"rAAAA:AAAA:AAAA\"",
        "hash_alg|\"sha1\"",
        "hash_alg|\"sha999\"",
        "enc_alg|\"rsa2048\"",
        "enc_alg|[]",
        "sign_alg|\"ecschnorr\"",
        "pubkey|\"-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----\\n\"",
        "ima_measurement_list|5",
        "ima_measurement_list|\"not a list\"",
        "ima_measurement_list|\"\"",
        "ima_measurement_list|null",
        "ima_measurement_list_entry|1",
        "ima_measurement_list_entry|-1",
        "ima_measurement_list_entry|\"0\"",
        "mb_measurement_list|\"?\"",
      })
  void evidenceThatCannotBeReadOrDoesNotFitMakesTheNodeUntrustedAtOnce(String field, String value)
      throws Exception {
    TestAgent agent = agent("unreadable");
    agent.tampering =
        reply -> {
          var out = Json.object();
          reply
              .members()
              .forEach((name, old) -> {
                if (!name.equals(field)) {
                  out.put(name, old);
                }
              });
          return out.put(field, Json.parse(value, dev.keystead.evidence.json.Limits.WIRE)).build();
        };
    enrol(agent, agent.enrolment(Optional.of(TestAgent.share()), Optional.empty()));
    await(ControlEvent.Failed.class, agent);
    assertThat(agent.asked).hasSize(1);
    assertThat(agent.shares).isEmpty();
    assertThat(status(agent).attestationStatus()).isEqualTo(AttestationStatus.FAIL);
    assertThat(kinds(agent)).containsExactly(EntryKind.ENROLLED, EntryKind.FAILED);
  }

  @ParameterizedTest
  @CsvSource({
    "200, , INVALID_QUOTE",
    "200, {, INVALID_QUOTE",
    "200, [], INVALID_QUOTE",
    "200, '{\"code\":200,\"status\":\"Success\",\"results\":{}}', INVALID_QUOTE",
    "200, '{\"code\":400,\"status\":\"no\",\"results\":{}}', FAILED",
    "302, , FAILED",
    "404, , FAILED",
    "400, '{\"code\":400,\"status\":\"API version not supported: v2.6\",\"results\":{}}', FAILED",
  })
  void anAnswerThatIsNoEvidenceIsAFailure(int code, String body, OperationalState state)
      throws Exception {
    TestAgent agent = agent("garbage");
    agent.script = Optional.of(request -> HttpResponse.json(code, body == null ? "" : body));
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Failed.class, agent);
    assertThat(status(agent).state()).isEqualTo(state);
  }

  @Test
  void aNodeThatHangsCostsOnlyItsOwnSlotAndIsUnknownInTheEnd() throws Exception {
    verifier.close();
    verifier =
        start(
            folder.resolve("other.db"),
            FAST.answering(java.time.Duration.ofMillis(300), 2, java.time.Duration.ofMillis(50)));
    TestAgent slow = agent("slow");
    TestAgent good = agent("good");
    slow.script =
        Optional.of(request -> {
          Thread.sleep(60_000);
          return HttpResponse.of(200);
        });
    enrol(slow, slow.enrolment(Optional.empty(), Optional.empty()));
    enrol(good, good.enrolment(Optional.empty(), Optional.empty()));
    ControlEvent.Failed failed = await(ControlEvent.Failed.class, slow);
    assertThat(failed.reasons()).containsExactly("no complete answer in time");
    assertThat(count(ControlEvent.NotReached.class, slow)).isEqualTo(2);
    assertThat(status(slow).attestationStatus()).isEqualTo(AttestationStatus.TIMEOUT);
    assertThat(kinds(slow)).containsExactly(EntryKind.ENROLLED, EntryKind.UNREACHABLE);
    assertThat(good.asked.size()).isGreaterThanOrEqualTo(3);
    assertThat(status(good).attestationStatus()).isEqualTo(AttestationStatus.PASS);
  }

  @Test
  void aStrangerAtTheNodesAddressIsNotTheNode() throws Exception {
    TestAgent agent = agent("moved");
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, agent);
    int port = agent.vanish();
    TestAgent other = agent("stranger");
    agent.reappear(port, other.identity);
    ControlEvent.Failed failed = await(ControlEvent.Failed.class, agent);
    assertThat(failed.reasons())
        .containsExactly("another certificate than its own was shown at its address");
    assertThat(kinds(agent)).contains(EntryKind.UNREACHABLE);
  }

  @Test
  void aNodeThatWasGoneForAMomentIsTrustedAgainWithoutADecision() throws Exception {
    TestAgent agent = agent("blink");
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, agent);
    int port = agent.vanish();
    await(ControlEvent.NotReached.class, agent);
    agent.reappear(port, agent.identity);
    long before = count(ControlEvent.Passed.class, agent);
    await("a good round", () -> count(ControlEvent.Passed.class, agent) > before);
    assertThat(kinds(agent)).containsExactly(EntryKind.ENROLLED, EntryKind.TRUSTED);
  }

  @Test
  void pollingResumesAfterAKillWithoutReadingTheListAgain() throws Exception {
    TestAgent agent = agent("resumes");
    KeyShare share = TestAgent.share();
    enrol(agent, agent.enrolment(Optional.of(share), Optional.empty()));
    await(ControlEvent.ShareDelivered.class, agent);
    Path copy = killed();
    verifier.close();
    int rounds = agent.asked.size();
    verifier = start(copy, FAST);
    await("the watch resumes", () -> agent.asked.size() > rounds + 1);
    await("the share is given again", () -> agent.shares.size() == 2);
    assertThat(agent.asked.get(rounds).imaEntry()).isEqualTo(2);
    assertThat(agent.shares).containsExactly(share, share);
    assertThat(status(agent).attestationStatus()).isEqualTo(AttestationStatus.PASS);
    assertThat(verifier.ledger().verify().seq()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void aNodeThatFailedStaysFailedAfterARestart() throws Exception {
    TestAgent agent = agent("failed");
    agent.script = Optional.of(request -> HttpResponse.json(200, "{}"));
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Failed.class, agent);
    agent.script = Optional.empty();
    Path copy = killed();
    verifier.close();
    verifier = start(copy, FAST);
    assertThat(status(agent).state()).isEqualTo(OperationalState.INVALID_QUOTE);
    Thread.sleep(300);
    assertThat(agent.asked).isEmpty();
  }

  @Test
  void reactivationBeginsAnewAndFailsAgainWhileTheNodeIsBad() throws Exception {
    TestAgent agent = agent("again");
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, agent);
    agent.measure("/usr/bin/evil", EVIL);
    await(ControlEvent.Failed.class, agent);
    int rounds = agent.asked.size();
    events.clear();
    assertThat(owner("PUT", "/v2.6/agents/" + agent.id + "/reactivate").status()).isEqualTo(200);
    await(ControlEvent.Failed.class, agent);
    assertThat(agent.asked.get(rounds).imaEntry()).isZero();
    assertThat(kinds(agent)).endsWith(EntryKind.REACTIVATED, EntryKind.FAILED);
  }

  @Test
  void aNodeThatIsGoodAgainIsTrustedAfterReactivation() throws Exception {
    TestAgent agent = agent("better");
    agent.script = Optional.of(request -> HttpResponse.of(404));
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Failed.class, agent);
    agent.script = Optional.empty();
    assertThat(owner("PUT", "/v2.6/agents/" + agent.id + "/reactivate").status()).isEqualTo(200);
    await(ControlEvent.Passed.class, agent);
    assertThat(status(agent).lastEvent()).isEmpty();
  }

  @Test
  void aStoppedNodeIsNotAskedAndADeletedOneIsUnknown() throws Exception {
    TestAgent agent = agent("stops");
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, agent);
    assertThat(owner("PUT", "/v2.6/agents/" + agent.id + "/stop").status()).isEqualTo(200);
    int rounds = agent.asked.size();
    assertThat(status(agent).state()).isEqualTo(OperationalState.TENANT_FAILED);
    Thread.sleep(400);
    assertThat(agent.asked.size()).isLessThanOrEqualTo(rounds + 1);
    assertThat(owner("DELETE", "/v2.6/agents/" + agent.id).status()).isEqualTo(200);
    assertThat(owner("GET", "/v2.6/agents/" + agent.id).status()).isEqualTo(404);
    assertThat(owner("DELETE", "/v2.6/agents/" + agent.id).status()).isEqualTo(404);
    assertThat(owner("PUT", "/v2.6/agents/" + agent.id + "/stop").status()).isEqualTo(404);
    assertThat(owner("PUT", "/v2.6/agents/" + agent.id + "/reactivate").status()).isEqualTo(404);
    assertThat(kinds(agent)).endsWith(EntryKind.STOPPED, EntryKind.REMOVED);
  }

  @Test
  void aFailureThatCannotBeWrittenIsShownButNobodyIsToldUntilItIs() throws Exception {
    TestAgent bad = agent("bad");
    TestAgent other = agent("other");
    enrol(bad, bad.enrolment(Optional.empty(), Optional.empty()));
    enrol(other, other.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, bad);
    await(ControlEvent.Passed.class, other);
    try (var outside = dev.keystead.control.store.Store.open(folder.resolve("verifier.db"))) {
      run(outside, "ALTER TABLE notice RENAME TO lost");
      bad.measure("/usr/bin/evil", EVIL);
      await(
          "it is shown as bad",
          () ->
              events.stream()
                  .anyMatch(e ->
                      e instanceof ControlEvent.StateChanged(var at, var id, var from, var to)
                          && to == OperationalState.INVALID_QUOTE));
      Thread.sleep(400);
      assertThat(status(bad).attestationStatus()).isEqualTo(AttestationStatus.FAIL);
      assertThat(other.notices).isEmpty();
      assertThat(kinds(bad)).doesNotContain(EntryKind.FAILED);
      run(outside, "ALTER TABLE lost RENAME TO notice");
    }
    await("the other is told", () -> !other.notices.isEmpty());
    assertThat(kinds(bad)).endsWith(EntryKind.FAILED);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v2.6/agents/",
    "GET, /v2.6/agents/a",
    "POST, /v2.6/agents/a",
    "DELETE, /v2.6/agents/a",
    "PUT, /v2.6/agents/a/reactivate",
    "PUT, /v2.6/agents/a/stop",
  })
  void everyRouteOfTheOwnerIsRefusedToOthers(String method, String path) throws Exception {
    TestAgent agent = agent("stranger");
    ControlIdentity other = ControlIdentity.open(folder.resolve("other"), InstantSource.system());
    Endpoint anonymous =
        Endpoint.tls("127.0.0.1", verifier.port(), ClientTls.anonymous(identity.trust()));
    assertThat(client.exchange(anonymous, ClientRequest.of(method, path)).status()).isEqualTo(403);
    for (TlsIdentity stranger : List.of(agent.identity, other.client())) {
      Endpoint endpoint =
          Endpoint.tls("127.0.0.1", verifier.port(), ClientTls.mutual(stranger, identity.trust()));
      assertThat(refused(endpoint, method, path)).isTrue();
    }
    assertThat(kinds()).contains(EntryKind.REFUSED);
  }

  private static boolean refused(Endpoint endpoint, String method, String path)
      throws InterruptedException {
    try {
      return client.exchange(endpoint, ClientRequest.of(method, path)).status() == 403;
    } catch (HttpFailure e) {
      return e.reason() == HttpFailure.Reason.TLS_FAILED;
    }
  }

  /** What the database would be had the process been killed now. */
  private Path killed() throws java.io.IOException {
    Path copy = folder.resolve("copy.db");
    for (String suffix : List.of("", "-wal")) {
      Files.copy(folder.resolve("verifier.db" + suffix), folder.resolve("copy.db" + suffix));
    }
    return copy;
  }

  private static void run(dev.keystead.control.store.Store store, String sql) {
    store.write(transaction -> {
      try (var statement = transaction.prepareStatement(sql)) {
        return statement.executeUpdate();
      }
    });
  }
}
