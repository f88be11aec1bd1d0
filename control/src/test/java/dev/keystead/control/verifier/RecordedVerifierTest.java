package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.Recording;
import dev.keystead.evidence.History;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.Target;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.quote.QuoteQuery;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the real tenant said to Keylime's verifier, said to ours; and what real agents answered,
 * judged by ours.
 */
class RecordedVerifierTest extends VerifierFixture {
  @Override
  Timing timing() {
    return Timing.DEFAULT.answering(Duration.ofSeconds(5), 5, Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "pull/10-verifier-post-agent, pull/11-verifier-get-agent-start",
        "pull/10-verifier-post-agent, pull/17-verifier-get-agent-get-quote",
        "pull/10-verifier-post-agent, pull/20-verifier-delete-agent",
        "pull-cert-package/05-verifier-post-agent, -",
        "pull-cert-package/10-verifier-post-failing-agent, -",
        "pull-ecc384-measured-boot/06-verifier-post-agent, -",
        "pull-python-agent-6.6.0/08-verifier-post-agent, -",
        "push/06-verifier-post-agent, push/07-verifier-get-agent"
      })
  void aRecordedRequestIsAnsweredAsItWas(String post, String then) throws Exception {
    replay(post, List.of());
    if (then != null) {
      // A share is nobody's to read back.
      replay(then, then.contains("-get-") ? List.of("/results/v is missing") : List.of());
    }
  }

  /** Ours deletes at once: nothing is in flight when it has answered. */
  @Test
  void aDeletionIsDoneWhenItIsAnswered() throws Exception {
    replay("pull-ecc384-measured-boot/06-verifier-post-agent", List.of());
    Recording delete = Recording.of("pull-ecc384-measured-boot/10-verifier-delete-in-flight");
    assertThat(delete.status()).isEqualTo(202);
    assertThat(client.exchange(owner(), delete.request()).status()).isEqualTo(200);
    replay("pull-ecc384-measured-boot/11-verifier-get-deleted", List.of());
    assertThat(words(owner("GET", "/v2.6/agents/dddddddd-0000-4000-8000-0000000000ec")))
        .isEqualTo("agent id not found");
  }

  /** Keylime's engine accept-all takes anything for a boot policy. */
  @Test
  void aBootPolicyThatSaysNothingIsRefused() throws Exception {
    Recording post = Recording.of("pull-ecc384-measured-boot/12-verifier-post-boot-policy");
    HttpResponse reply = client.exchange(owner(), post.request());
    assertThat(post.status()).isEqualTo(200);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(post.differences(Json.parse(reply.body(), Limits.WIRE))).isEmpty();
  }

  /** One verifier of ours watches nodes of both models. */
  @ParameterizedTest
  @ValueSource(
      strings = {"pull/09-tenant-verifier-version", "push/05-verifier-version-in-push-mode"})
  void theVersionsAreToldInTheSameForm(String name) throws Exception {
    HttpResponse reply = client.exchange(owner(), Recording.of(name).request());
    assertThat(reply.status()).isEqualTo(200);
    assertThat(
            Recording.of("pull/09-tenant-verifier-version")
                .differences(Json.parse(reply.body(), Limits.WIRE)))
        .isEmpty();
  }

  @Test
  void theEvidenceOfTheRustAgentIsJudged() {
    Node node = node("pull/10-verifier-post-agent");
    passes(node, "pull/12-quotes-integrity-first");
    passes(node, "pull/15-quotes-integrity-increment-empty");
    fails(node, "pull/18-quotes-integrity-tampered", "ima.validation.ima-ng.not_in_allowlist");
  }

  @Test
  void theEvidenceOfThePythonAgentIsJudged() {
    Node node = node("pull-python-agent-6.6.0/08-verifier-post-agent");
    assertThat(node.path("quotes/integrity")).isEqualTo("/v2.1/quotes/integrity");
    passes(node, "pull-python-agent-6.6.0/09-quotes-integrity-first");
    passes(node, "pull-python-agent-6.6.0/12-quotes-integrity-increment-empty");
    fails(
        node,
        "pull-python-agent-6.6.0/13-quotes-integrity-tampered",
        "ima.validation.ima-ng.not_in_allowlist");
  }

  /** The recorded list is made up; Keylime takes the boot_aggregate that its policy lists. */
  @Test
  void aBootAggregateThatIsNotOfTheQuotedBootIsRefused() {
    fails(
        node("pull-ecc384-measured-boot/06-verifier-post-agent"),
        "pull-ecc384-measured-boot/07-quotes-integrity-first",
        "ima.validation.ima-ng.runtime_policy_hash");
  }

  @Test
  void aReplayedAnswerIsRefused() {
    Node node = node("pull/10-verifier-post-agent");
    Recording other = Recording.of("pull/15-quotes-integrity-increment-empty");
    Recording first = Recording.of("pull/12-quotes-integrity-first");
    assertThat(Judgement.of(node, question(first), other.results(), Instant.now()))
        .isInstanceOf(Outcome.Refused.class);
  }

  private void replay(String name, List<String> differences) throws Exception {
    Recording recording = Recording.of(name);
    HttpResponse reply = client.exchange(owner(), recording.request());
    assertThat(reply.status()).as(name).isEqualTo(recording.status());
    assertThat(recording.differences(Json.parse(reply.body(), Limits.WIRE)))
        .as(name)
        .isEqualTo(differences);
  }

  private static Node node(String post) {
    Recording recording = Recording.of(post);
    AgentId id = AgentId.of(recording.path().replaceFirst(".*/", ""));
    VerifierAgentAdd add = VerifierAgentAdd.parse(recording.body());
    Enrolment enrolment = Enrolment.of(id, add);
    return new Node(
        enrolment,
        enrolment.endpoint(identity.client()),
        add.v(),
        add.revocationKey(),
        NodeState.START,
        enrolment.version(),
        History.start(enrolment.policy().revision()),
        Optional.empty());
  }

  private static QuoteQuery.Integrity question(Recording recording) {
    return QuoteQuery.Integrity.parse(Target.parse(recording.path())::parameter);
  }

  private static Outcome judge(Node node, String name) {
    Recording recording = Recording.of(name);
    return Judgement.of(node, question(recording), recording.results(), Instant.now());
  }

  private static void passes(Node node, String name) {
    Outcome outcome = judge(node, name);
    assertThat(outcome).as(name).isInstanceOf(Outcome.Passed.class);
    Outcome.Passed passed = (Outcome.Passed) outcome;
    node.history = passed.history();
    node.payloadKey = passed.payloadKey();
  }

  private static void fails(Node node, String name, String event) {
    Outcome outcome = judge(node, name);
    assertThat(outcome).as(name).isInstanceOf(Outcome.Refused.class);
    assertThat(((Outcome.Refused) outcome).event().id()).isEqualTo(event);
  }
}
