package dev.keystead.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.bootstrap.BootstrapKey;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.keylime.registration.AgentRecord;
import dev.keystead.keylime.verifier.OperationalState;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.tenant.TenantException.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The owner's operations against peers that answer as recorded, over real mutual TLS. */
class TenantTest {
  private static final String AGENT = "/v2.6/agents/" + Recorded.ID;
  private static final byte[] SECRET = "the payload".getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path folder;
  private RecordedPeers peers;

  TenantTest() throws IOException {
    peers = new RecordedPeers();
  }

  @BeforeEach
  void writePayload() throws IOException {
    Files.write(folder.resolve("payload"), SECRET);
    Files.write(folder.resolve("policy.json"), Recorded.bytes("runtime-policy.json"));
  }

  @AfterEach
  void stop() {
    peers.close();
  }

  private Tenant tenant() {
    return peers.tenant(Recorded.randomThatAsksAsRecorded());
  }

  private AddRequest request() {
    return new AddRequest(
        Recorded.ID,
        new PayloadSource.SingleFile(folder.resolve("payload")),
        PolicySource.ofRuntime(folder.resolve("policy.json")),
        new Endorsement.Makers(Recorded.maker()),
        AcceptLists.DEFAULT,
        Optional.of(Duration.ofSeconds(5)));
  }

  private TenantException failure(AddRequest request) {
    List<TenantException> caught = new ArrayList<>();
    assertThatThrownBy(() -> tenant().add(request, Progress.NONE))
        .isInstanceOfSatisfying(TenantException.class, caught::add);
    return caught.getFirst();
  }

  private void assertNothingLeft(TenantException failure, Problem problem) {
    assertThat(failure.problem()).isEqualTo(problem);
    assertThat(peers.enrolment).isEmpty();
    assertThat(peers.share).isEmpty();
  }

  private static Json.Obj without(Json.Obj record, String field) {
    JsonObjectBuilder out = Json.object();
    record
        .members()
        .forEach((name, value) -> out.put(name, name.equals(field) ? new Json.Null() : value));
    return out.build();
  }

  @Test
  void anAgentThatProvesItselfGetsItsKeyAndPayload() {
    List<Progress.Stage> stages = new ArrayList<>();
    Enrolled enrolled = tenant().add(request(), (stage, detail, took) -> stages.add(stage));
    assertThat(enrolled.keyProven()).isTrue();
    assertThat(enrolled.mask()).hasToString("0x400");
    assertThat(enrolled.endorsement()).contains("software TPM");
    assertThat(stages).containsExactly(Progress.Stage.values());
    try (BootstrapKey key = peers.key()) {
      assertThat(peers.share.orElseThrow().payload().orElseThrow().decrypt(key)).isEqualTo(SECRET);
    }
  }

  @Test
  void theVerifierIsToldOfTheVeryAgentThatProvedItself() {
    var _ = tenant().add(request(), Progress.NONE);
    VerifierAgentAdd add = peers.enrolment.orElseThrow();
    AgentRecord record = AgentRecord.parse(peers.record());
    assertThat(add.ak().name()).isEqualTo(record.ak().name());
    assertThat(add.mtlsCert()).isEqualTo(record.mtlsCert());
    assertThat(add.contact()).isEqualTo(record.contact().orElseThrow());
    assertThat(add.accept()).isEqualTo(AcceptLists.DEFAULT);
    assertThat(add.policies().runtime().orElseThrow())
        .isEqualTo(Recorded.bytes("runtime-policy.json"));
    assertThat(peers.requests.stream().filter(r -> r.equals("GET " + AGENT))).hasSize(1);
  }

  @Test
  void theVerifierIsAskedBeforeAnythingReachesTheMachine() {
    var _ = tenant().add(request(), Progress.NONE);
    assertThat(peers.requests.indexOf("POST " + AGENT))
        .isPositive()
        .isLessThan(peers.requests.indexOf("POST /v2.6/keys/ukey"));
  }

  @Test
  void everyAgentGetsAnotherKey() {
    var _ = tenant().add(request(), Progress.NONE);
    BootstrapKey first = peers.key();
    var _ = tenant().add(request(), Progress.NONE);
    assertThat(peers.key()).isNotEqualTo(first);
  }

  @Test
  void aCertificatePackageBringsTheKeyThatSignsRevocations() {
    AddRequest request =
        new AddRequest(
            Recorded.ID,
            new PayloadSource.CertificatePackage(folder.resolve("ca"), List.of()),
            PolicySource.NONE,
            new Endorsement.Unendorsed(),
            AcceptLists.DEFAULT,
            Optional.empty());
    assertThat(tenant().add(request, Progress.NONE).keyProven()).isFalse();
    assertThat(peers.enrolment.orElseThrow().revocationKey()).isPresent();
    assertThat(peers.enrolment.orElseThrow().metadata()).contains("cert_serial");
  }

  @Test
  void anAgentThatIsNotRegisteredIsNamed() {
    peers.answer("GET " + AGENT, 404, "agent not found");
    TenantException failure = failure(request());
    assertNothingLeft(failure, Problem.UNKNOWN_AGENT);
    assertThat(failure).hasMessageContaining(Recorded.ID.value());
  }

  @Test
  void aRecordOfAnotherAgentIsRefused() {
    JsonObjectBuilder other = Json.object();
    peers
        .record()
        .members()
        .forEach((name, v) -> other.put(name, name.equals("agent_id") ? Json.of("other") : v));
    peers.tell(other.build());
    assertNothingLeft(failure(request()), Problem.BAD_REPLY);
  }

  @Test
  void anAgentWithoutTlsIsRefused() {
    peers.tell(without(peers.record(), "mtls_cert"));
    assertNothingLeft(failure(request()), Problem.NOT_TRUSTED);
  }

  @Test
  void aTpmOfNoKnownMakerIsRefusedBeforeAnythingIsSent() {
    peers.tell(without(peers.record(), "ekcert"));
    assertNothingLeft(failure(request()), Problem.NOT_TRUSTED);
  }

  @Test
  void aServerThatIsNotTheRegisteredAgentIsNotSpokenTo() {
    JsonObjectBuilder other = Json.object();
    peers
        .record()
        .members()
        .forEach((name, v) ->
            other.put(
                name,
                name.equals("mtls_cert")
                    ? Json.of(Recorded.record().mtlsCert().orElseThrow().text())
                    : v));
    peers.tell(other.build());
    TenantException failure = failure(request());
    assertNothingLeft(failure, Problem.UNREACHABLE);
    assertThat(failure).hasMessageContaining("certificate that is not trusted");
  }

  @Test
  void anAgentThatReplaysAQuoteIsRefused() {
    assertThatThrownBy(() -> peers.tenant(new SecureRandom()).add(request(), Progress.NONE))
        .isInstanceOf(TenantException.class)
        .hasMessageContaining("did not prove its identity")
        .hasMessageContaining("nonce");
    assertThat(peers.enrolment).isEmpty();
    assertThat(peers.share).isEmpty();
  }

  @Test
  void aVerifierThatSaysNoLeavesTheMachineAlone() {
    peers.answer("POST " + AGENT, 409, "agent exists");
    TenantException failure = failure(request());
    assertNothingLeft(failure, Problem.REFUSED);
    assertThat(failure).hasMessageContaining("agent exists").hasMessageContaining("delete it");
  }

  @Test
  void aVerifierThatAnswersNonsenseLeavesADoubtThatIsTold() {
    peers.instead.put("POST " + AGENT, HttpResponse.text(200, "fine"));
    TenantException failure = failure(request());
    assertNothingLeft(failure, Problem.BAD_REPLY);
    assertThat(failure).hasMessageContaining("is not known");
  }

  @Test
  void aShareThatCannotBeGivenTakesTheEnrolmentBack() {
    peers.answer("POST /v2.6/keys/ukey", 500, "no");
    TenantException failure = failure(request());
    assertNothingLeft(failure, Problem.REFUSED);
    assertThat(failure).hasMessageContaining("taken back");
    assertThat(peers.requests).contains("DELETE " + AGENT);
  }

  @Test
  void anEnrolmentThatCannotBeTakenBackIsToldToo() {
    peers.answer("POST /v2.6/keys/ukey", 500, "no");
    peers.answer("DELETE " + AGENT, 503, "busy");
    assertThat(failure(request())).hasMessageContaining("could not be taken back");
  }

  @Test
  void anAgentThatTheVerifierFindsBadIsToldAtOnce() {
    peers.state = OperationalState.INVALID_QUOTE;
    TenantException failure = failure(request());
    assertThat(failure.problem()).isEqualTo(Problem.NOT_TRUSTED);
    assertThat(failure).hasMessageContaining("INVALID_QUOTE");
  }

  @Test
  void anAgentThatNeverGetsItsKeyIsGivenUpInTime() {
    peers.state = OperationalState.START;
    AddRequest hasty =
        new AddRequest(
            Recorded.ID,
            request().payload(),
            request().policies(),
            request().endorsement(),
            request().accept(),
            Optional.of(Duration.ofMillis(50)));
    assertThat(failure(hasty)).hasMessageContaining("has not got its bootstrap key");
  }

  @Test
  void anAgentWithAnotherKeyIsNotTrusted() {
    peers.instead.put(
        "GET /v2.6/keys/verify",
        RecordedPeers.ok(Json.object().put("hmac", "ab".repeat(48)).build()));
    assertThat(failure(request()))
        .hasMessageContaining("another bootstrap key")
        .extracting(TenantException::problem)
        .isEqualTo(Problem.NOT_TRUSTED);
  }

  @Test
  void anUnusablePolicyIsRefusedBeforeAnyoneIsAsked() throws IOException {
    Files.writeString(folder.resolve("policy.json"), "{}");
    assertNothingLeft(failure(request()), Problem.BAD_INPUT);
    assertThat(peers.requests).isEmpty();
  }

  @Test
  void aPeerWithoutACommonVersionIsNamedWithWhatItSpeaks() {
    peers.instead.put(
        "GET /version", RecordedPeers.ok(Json.object().put("current_version", "9.9").build()));
    assertThat(failure(request())).hasMessageContaining("9.9").hasMessageContaining("2.6");
  }

  @Test
  void anAgentThatIsNotThereIsToldInWords() {
    peers.stopAgent();
    TenantException failure = failure(request());
    assertNothingLeft(failure, Problem.UNREACHABLE);
    assertThat(failure)
        .hasMessageContaining("agent " + Recorded.ID)
        .hasMessageContaining("running");
  }

  @Test
  void statusTellsWhatBothServersKnow() {
    NodeStatus before = tenant().status(Recorded.ID);
    assertThat(before.registered()).isPresent();
    assertThat(before.attested()).isEmpty();
    var _ = tenant().add(request(), Progress.NONE);
    assertThat(tenant().status(Recorded.ID).attested().orElseThrow().state())
        .isEqualTo(OperationalState.GET_QUOTE);
  }

  @Test
  void aStatusOfNobodyIsAnError() {
    assertThatThrownBy(() -> tenant().status(AgentId.of("nobody")))
        .isInstanceOfSatisfying(
            TenantException.class, e -> assertThat(e.problem()).isEqualTo(Problem.UNKNOWN_AGENT));
  }

  @Test
  void theListHasEveryAgentOnce() {
    var _ = tenant().add(request(), Progress.NONE);
    List<NodeStatus> list = tenant().list();
    assertThat(list).hasSize(1);
    assertThat(list.getFirst().registered().flatMap(AgentRecord::contact))
        .map(ContactAddress::host)
        .contains("127.0.0.1");
    assertThat(list.getFirst().attested()).isPresent();
  }

  @Test
  void aDeletionWaitsUntilTheVerifierIsDone() {
    var _ = tenant().add(request(), Progress.NONE);
    Deleted deleted = tenant().delete(Recorded.ID, false);
    assertThat(deleted).isEqualTo(new Deleted(Recorded.ID, Removal.REMOVED, Removal.NOT_ASKED));
    assertThat(peers.enrolment).isEmpty();
  }

  @Test
  void aDeletionCanForgetTheRegistrationToo() {
    var _ = tenant().add(request(), Progress.NONE);
    assertThat(tenant().delete(Recorded.ID, true).atRegistrar()).isEqualTo(Removal.REMOVED);
    assertThat(peers.requests.stream().filter(r -> r.equals("DELETE " + AGENT))).hasSize(2);
  }

  @Test
  void aDeletionOfNobodyIsAnError() {
    peers.answer("DELETE " + AGENT, 404, "agent id not found");
    assertThatThrownBy(() -> tenant().delete(Recorded.ID, false))
        .isInstanceOfSatisfying(
            TenantException.class, e -> assertThat(e.problem()).isEqualTo(Problem.UNKNOWN_AGENT));
  }

  @Test
  void anAgentIsReactivated() {
    var _ = tenant().add(request(), Progress.NONE);
    assertThat(tenant().reactivate(Recorded.ID).state()).isEqualTo(OperationalState.GET_QUOTE);
    assertThat(peers.requests).contains("PUT " + AGENT + "/reactivate");
  }

  @Test
  void whatAServerSaysCannotDriveTheTerminal() {
    peers.answer("GET " + AGENT, 400, "\u001b[2Jgone\r\n");
    assertThat(failure(request()).getMessage()).doesNotContain("\u001b").doesNotContain("\n");
  }
}
