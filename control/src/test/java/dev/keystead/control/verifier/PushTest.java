package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.push.AttestationReport;
import dev.keystead.keylime.push.AttestationReport.Verdict;
import dev.keystead.keylime.push.CollectedEvidence;
import dev.keystead.keylime.push.EvidenceItems;
import dev.keystead.keylime.push.EvidenceOffer;
import dev.keystead.keylime.push.EvidenceRequest;
import dev.keystead.keylime.push.ImaEntries;
import dev.keystead.keylime.push.Possession;
import dev.keystead.keylime.push.SessionChallenge;
import dev.keystead.keylime.push.SessionResult;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.OperationalState;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Nodes that come to the verifier with their evidence, and those who would like to be taken for
 * one.
 */
class PushTest extends VerifierFixture {
  private static final byte[] EVIL = new byte[32];

  private PushClient client(TestAgent agent) {
    return new PushClient(agent, client, identity, verifier.port());
  }

  private PushClient enrolled(String name) throws Exception {
    TestAgent agent = agent(name);
    enrol(agent, agent.pushEnrolment(Optional.empty()));
    return client(agent);
  }

  private PushClient trusted(String name) throws Exception {
    PushClient node = enrolled(name).enter();
    assertThat(node.attest().status()).isEqualTo(202);
    await(ControlEvent.Passed.class, node.agent);
    return node;
  }

  /** The next attestation, when it is due. */
  private EvidenceRequest next(PushClient node) throws Exception {
    Thread.sleep(FAST.interval().toMillis());
    return node.asked();
  }

  private Verdict latest(PushClient node) throws Exception {
    HttpResponse latest = owner("GET", node.attestations() + "/latest");
    assertThat(latest.status()).isEqualTo(201);
    return AttestationReport.parse(PushClient.json(latest)).verdict().orElseThrow();
  }

  private void untrusted(PushClient node, String event) throws Exception {
    ControlEvent.Failed failed = await(ControlEvent.Failed.class, node.agent);
    assertThat(failed.event()).isEqualTo(event);
    assertThat(status(node.agent).attestationStatus()).isEqualTo(AttestationStatus.FAIL);
    assertThat(kinds(node.agent)).endsWith(EntryKind.FAILED);
  }

  @Test
  void aNodeThatBringsGoodEvidenceIsTrustedAndNotAskedForTheSameAgain() throws Exception {
    PushClient node = enrolled("good");
    VerifierAgentStatus before = status(node.agent);
    assertThat(before.state()).isEqualTo(OperationalState.GET_QUOTE);
    assertThat(before.attestationStatus()).isEqualTo(AttestationStatus.PENDING);
    assertThat(before.contact()).isEmpty();
    node.enter();
    HttpResponse taken = node.attest();
    assertThat(taken.status()).isEqualTo(202);
    assertThat(AttestationReport.secondsToNext(PushClient.json(taken))).isEqualTo(1);
    await(ControlEvent.Passed.class, node.agent);
    assertThat(status(node.agent).attestationStatus()).isEqualTo(AttestationStatus.PASS);
    await("the report", () -> passes(node));
    assertThat(kinds(node.agent)).containsExactly(EntryKind.ENROLLED, EntryKind.TRUSTED);
    EvidenceRequest second = next(node);
    assertThat(second.self()).endsWith("/attestations/1");
    assertThat(second.requested().ima().orElseThrow().first()).isEqualTo(2);
    assertThat(second.requested().quote().subjects().masks())
        .containsEntry("sha1", Optional.empty());
    assertThat(node.bring(second, node.evidence(second)).status()).isEqualTo(202);
    await("a second pass", () -> count(ControlEvent.Passed.class, node.agent) == 2);
  }

  private boolean passes(PushClient node) {
    try {
      return latest(node) instanceof Verdict.Pass;
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  void aTamperedFileIsFoundAndTheOthersAreTold() throws Exception {
    TestAgent other = agent("other");
    enrol(other, other.enrolment(Optional.empty(), Optional.empty()));
    PushClient node = trusted("tampered");
    node.agent.measure("/usr/bin/evil", EVIL);
    EvidenceRequest asked = next(node);
    node.bring(asked, node.evidence(asked));
    untrusted(node, "ima.validation.ima-ng.not_in_allowlist");
    await("the notice", () -> !other.notices.isEmpty());
    await("the report", () -> reported(node));
    assertThat(latest(node)).isEqualTo(new Verdict.Fail(false));
    assertThat(node.begin().status()).isEqualTo(403);
    HttpResponse all = owner("GET", node.attestations());
    assertThat(all.status()).isEqualTo(200);
    assertThat(Json.parseObject(all.body(), Limits.WIRE).fields("").list("data", 9)).hasSize(2);
  }

  private boolean reported(PushClient node) {
    try {
      return latest(node) instanceof Verdict.Fail;
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  void aReactivatedNodeProvesItselfFromTheBeginning() throws Exception {
    PushClient node = trusted("again");
    EvidenceRequest asked = next(node);
    assertThat(owner("PUT", "/v2.6/agents/again/reactivate").status()).isEqualTo(200);
    assertThat(node.bring(asked, node.evidence(asked)).status()).isEqualTo(401);
    assertThat(status(node.agent).attestationStatus()).isEqualTo(AttestationStatus.PENDING);
    assertThat(node.enter().attest().status()).isEqualTo(202);
    await("a second pass", () -> count(ControlEvent.Passed.class, node.agent) == 2);
  }

  @Test
  void anotherAgentsTokenIsRefused() throws Exception {
    PushClient one = enrolled("one").enter();
    PushClient two = enrolled("two").with(one.token());
    assertThat(two.begin().status()).isEqualTo(403);
    assertThat(two.send("GET", two.attestations(), Optional.empty()).status()).isEqualTo(403);
  }

  @Test
  void aProofByAnotherTpmIsRefused() throws Exception {
    PushClient one = enrolled("one");
    PushClient two = enrolled("two");
    SessionChallenge session = one.open(one.agent.id);
    assertThat(one.prove(session, two.certify(session.challenge())).status()).isEqualTo(401);
    assertThat(kinds()).contains(EntryKind.REFUSED);
  }

  @Test
  void aReplayedProofOpensNothing() throws Exception {
    PushClient node = enrolled("replayed");
    SessionChallenge first = node.open(node.agent.id);
    Possession proof = node.certify(first.challenge());
    assertThat(node.prove(first, proof).status()).isEqualTo(200);
    assertThat(node.prove(first, proof).status()).isEqualTo(404);
    SessionChallenge second = node.open(node.agent.id);
    assertThat(second.challenge()).isNotEqualTo(first.challenge());
    assertThat(node.prove(second, proof).status()).isEqualTo(401);
    // A wrong proof has used up the challenge.
    assertThat(node.prove(second, node.certify(second.challenge())).status()).isEqualTo(404);
  }

  @Test
  void aQuoteIsNoProofOfPossession() throws Exception {
    PushClient node = enrolled("quote");
    SessionChallenge session = node.open(node.agent.id);
    var quote = node.agent.quote(session.challenge().bytes(), new PcrMask(0x400));
    Possession proof = new Possession(quote.attest(), quote.signature());
    assertThat(node.prove(session, proof).status()).isEqualTo(401);
  }

  @Test
  void aSessionOfAnotherAgentCannotBeUsed() throws Exception {
    PushClient one = enrolled("one");
    PushClient two = enrolled("two");
    SessionChallenge ones = one.open(one.agent.id);
    SessionChallenge forTwo =
        new SessionChallenge(
            ones.id(), two.agent.id, ones.challenge(), ones.created(), ones.expires());
    assertThat(two.prove(forTwo, two.certify(ones.challenge())).status()).isEqualTo(400);
  }

  @Test
  void whoIsNotEnrolledGetsNoToken() throws Exception {
    PushClient node = client(agent("stranger"));
    SessionChallenge session = node.open(node.agent.id);
    HttpResponse proved = node.prove(session, node.certify(session.challenge()));
    assertThat(proved.status()).isEqualTo(200);
    assertThat(SessionResult.parse(PushClient.json(proved)).granted()).isEmpty();
  }

  @Test
  void anAgentThatIsAskedForItsEvidenceCannotPushIt() throws Exception {
    TestAgent agent = agent("pull");
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    PushClient node = client(agent);
    SessionChallenge session = node.open(agent.id);
    HttpResponse proved = node.prove(session, node.certify(session.challenge()));
    assertThat(SessionResult.parse(PushClient.json(proved)).granted()).isEmpty();
  }

  @Test
  void withoutATokenNothingIsTakenOrTold() throws Exception {
    PushClient node = enrolled("bare");
    assertThat(node.begin().status()).isEqualTo(403);
    assertThat(node.send("GET", node.attestations(), Optional.empty()).status()).isEqualTo(403);
    for (String bad : List.of("bad", "906a72e5-c2d0-41c4-9178-b47fef2f38b5." + "A".repeat(43))) {
      assertThat(node.with(bad).begin().status()).isEqualTo(401);
    }
    String token = node.enter().token();
    assertThat(node.with(token.substring(0, token.length() - 1) + "-").begin().status())
        .isEqualTo(401);
  }

  @Test
  void anAgentsTokenIsNothingOnAnOwnersRoute() throws Exception {
    PushClient node = enrolled("curious").enter();
    assertThat(node.send("GET", "/v3.0/agents/curious", Optional.empty()).status()).isEqualTo(403);
    assertThat(node.send("DELETE", "/v3.0/agents/curious", Optional.empty()).status())
        .isEqualTo(403);
  }

  @Test
  void theTokenOfAnEarlierEnrolmentIsWorthNothing() throws Exception {
    PushClient node = trusted("earlier");
    assertThat(owner("DELETE", "/v2.6/agents/earlier").status()).isIn(200, 202);
    assertThat(node.begin().status()).isEqualTo(401);
    enrol(node.agent, node.agent.pushEnrolment(Optional.empty()));
    assertThat(node.begin().status()).isEqualTo(401);
  }

  @Test
  void whoReadsTheDatabaseHasNoToken() throws Exception {
    PushClient node = trusted("secret");
    byte[] secret = node.token().substring(37).getBytes(StandardCharsets.US_ASCII);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain(new String(secret, StandardCharsets.ISO_8859_1));
      }
    }
  }

  @Test
  void oldEvidenceForANewChallengeIsAFailure() throws Exception {
    PushClient node = enrolled("old").enter();
    EvidenceRequest first = node.asked();
    CollectedEvidence old = node.evidence(first);
    node.bring(first, old);
    await(ControlEvent.Passed.class, node.agent);
    assertThat(node.bring(next(node), old).status()).isEqualTo(202);
    untrusted(node, "qoute_validation.quote_validation");
    await("the report", () -> reported(node));
    assertThat(latest(node)).isEqualTo(new Verdict.Fail(true));
  }

  @Test
  void anotherNodesEvidenceIsAFailure() throws Exception {
    PushClient one = enrolled("one").enter();
    PushClient two = enrolled("two").enter();
    EvidenceRequest asked = one.asked();
    one.bring(asked, two.evidence(asked));
    untrusted(one, "qoute_validation.quote_validation");
    assertThat(status(two.agent).attestationStatus()).isEqualTo(AttestationStatus.PENDING);
  }

  @Test
  void evidenceIsTakenOnceAndForTheNewestAttestationOnly() throws Exception {
    PushClient node = enrolled("once").enter();
    EvidenceRequest first = node.asked();
    EvidenceRequest second = node.asked();
    assertThat(second.requested().quote().challenge())
        .isNotEqualTo(first.requested().quote().challenge());
    assertThat(node.bring(first, node.evidence(first)).status()).isEqualTo(403);
    CollectedEvidence evidence = node.evidence(second);
    assertThat(node.bring(second, evidence).status()).isEqualTo(202);
    await(ControlEvent.Passed.class, node.agent);
    assertThat(node.bring(second, evidence).status()).isEqualTo(403);
    assertThat(
            node.send("PATCH", node.attestations() + "/7", Optional.of(evidence.toJson())).status())
        .isEqualTo(404);
    assertThat(status(node.agent).attestationStatus()).isEqualTo(AttestationStatus.PASS);
  }

  @Test
  void unreadableEvidenceMakesTheNodeUntrustedAtOnce() throws Exception {
    PushClient node = trusted("unreadable");
    EvidenceRequest asked = next(node);
    Json.Obj nothing = Json.object().put("data", Json.object()).build();
    assertThat(node.send("PATCH", asked.self(), Optional.of(nothing)).status()).isEqualTo(400);
    untrusted(node, "qoute_validation.invalid_data");
  }

  @Test
  void anEmptyListDoesNotMeetAPolicyForFiles() throws Exception {
    PushClient node = enrolled("empty").enter();
    EvidenceRequest asked = node.asked();
    CollectedEvidence full = node.evidence(asked);
    node.bring(
        asked,
        new CollectedEvidence(
            new EvidenceItems<>(
                full.collected().quote(), Optional.empty(), Optional.of(new ImaEntries(0, "")))));
    untrusted(node, "ima.missing_list");
  }

  @Test
  void aListIsAskedForWheneverThereIsAPolicyForFiles() throws Exception {
    PushClient node = enrolled("listless").enter();
    EvidenceOffer full = node.offer();
    EvidenceOffer bare =
        new EvidenceOffer(
            new EvidenceItems<>(
                full.supported().quote(), full.supported().uefi(), Optional.empty()),
            full.bootTime());
    assertThat(node.send("POST", node.attestations(), Optional.of(bare.toJson())).status())
        .isEqualTo(422);
  }

  @Test
  void aKeyThatWasNotEnrolledIsNotAskedForAQuote() throws Exception {
    PushClient node = enrolled("one").enter();
    EvidenceOffer others = client(agent("two")).offer();
    assertThat(node.send("POST", node.attestations(), Optional.of(others.toJson())).status())
        .isEqualTo(422);
  }

  @Test
  void aMachineThatWasStartedAnewIsAskedFromTheBeginning() throws Exception {
    PushClient node = trusted("rebooted");
    Thread.sleep(FAST.interval().toMillis());
    EvidenceOffer later =
        new EvidenceOffer(node.offer().supported(), Optional.of(PushClient.BOOT.plusSeconds(60)));
    HttpResponse begun = node.send("POST", node.attestations(), Optional.of(later.toJson()));
    EvidenceRequest asked = EvidenceRequest.parse(PushClient.json(begun));
    assertThat(asked.requested().ima().orElseThrow().first()).isZero();
    node.bring(asked, node.evidence(asked));
    await("a second pass", () -> count(ControlEvent.Passed.class, node.agent) == 2);
  }

  @Test
  void whoComesTooEarlyIsToldWhenToCome() throws Exception {
    verifier.close();
    verifier = start(folder.resolve("slow.db"), FAST.every(java.time.Duration.ofSeconds(2)));
    PushClient node = trusted("early");
    HttpResponse early = node.begin();
    assertThat(early.status()).isEqualTo(429);
    assertThat(early.headers().only("Retry-After")).contains("2");
  }

  @Test
  void sixteenSessionsInAMinuteAreOneTooMany() throws Exception {
    PushClient node = enrolled("eager");
    for (int i = 0; i < 15; i++) {
      var _ = node.open(node.agent.id);
    }
    HttpResponse refused =
        node.send(
            "POST",
            "/v3.0/sessions",
            Optional.of(new dev.keystead.keylime.push.SessionOpening(node.agent.id).toJson()));
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.headers().only("Retry-After")).isPresent();
    var _ = client(agent("patient")).open(agent("patient2").id);
  }

  @Test
  void muchIsTakenOnlyFromSomebodyWithAToken() throws Exception {
    PushClient node = enrolled("large");
    Json.Obj large = Json.object().put("data", "x".repeat(1 << 20)).build();
    String path = node.attestations() + "/0";
    assertThat(node.send("PATCH", path, Optional.of(large)).status()).isEqualTo(413);
    assertThat(node.enter().send("PATCH", path, Optional.of(large)).status()).isEqualTo(404);
  }

  @Test
  void aNodeThatStaysAwayIsUnknownAndTheOthersAreTold() throws Exception {
    TestAgent other = agent("other");
    enrol(other, other.enrolment(Optional.empty(), Optional.empty()));
    PushClient node = trusted("silent");
    ControlEvent.Failed failed = await(ControlEvent.Failed.class, node.agent);
    assertThat(failed.event()).isEqualTo("internal.verifier.not_reachable");
    assertThat(status(node.agent).attestationStatus()).isEqualTo(AttestationStatus.TIMEOUT);
    assertThat(kinds(node.agent)).endsWith(EntryKind.UNREACHABLE);
    assertThat(node.begin().status()).isEqualTo(403);
    await("the notice", () -> !other.notices.isEmpty());
  }

  @Test
  void afterARestartOfTheVerifierANodeEntersAgainAndGoesOn() throws Exception {
    PushClient node = trusted("restart");
    verifier.close();
    verifier = start(folder.resolve("verifier.db"), FAST);
    PushClient again = client(node.agent).with(node.token());
    assertThat(again.begin().status()).isEqualTo(401);
    EvidenceRequest asked = again.enter().asked();
    assertThat(asked.self()).endsWith("/attestations/0");
    assertThat(again.bring(asked, again.evidence(asked)).status()).isEqualTo(202);
    await("a second pass", () -> count(ControlEvent.Passed.class, node.agent) == 2);
  }
}
