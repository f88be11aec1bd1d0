package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.evidence.json.Json;
import dev.keystead.http.ClientRequest;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.revocation.KeylimeEvent;
import dev.keystead.keylime.revocation.Severity;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.OperationalState;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeverityTest extends VerifierFixture {
  private static final SeverityPolicy MILD =
      SeverityPolicy.parse(
          """
          {"severity_labels": ["low", "middle", "high"],
           "severity_policy": [
             {"event_id": "ima\\\\.validation\\\\.ima-ng\\\\..*", "severity_label": "low"},
             {"event_id": "ima\\\\..*", "severity_label": "middle"},
             {"event_id": ".*", "severity_label": "low"}]}
          """
              .getBytes(StandardCharsets.UTF_8));

  @Override
  VerifierConfig config(Path database, Timing timing) {
    return super.config(database, timing).with(MILD);
  }

  @Test
  void theFirstRuleThatMatchesTheWholeIdDecides() {
    assertThat(MILD.of(KeylimeEvent.of("ima.validation.ima-ng.not_in_allowlist", "")))
        .isEqualTo(new Severity(0, "low"));
    assertThat(MILD.of(KeylimeEvent.of("ima.pcr_mismatch", "")))
        .isEqualTo(new Severity(1, "middle"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qoute_validation.quote_validation",
        "pcr_validation.invalid_pcr_16",
        "internal.verifier.not_reachable"
      })
  void whatIsBeyondRepairIsAsSevereAsAnyWhateverTheRulesSay(String id) {
    assertThat(MILD.of(KeylimeEvent.of(id, ""))).isEqualTo(new Severity(2, "high"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"severity_labels\":[\"a\",\"a\"],\"severity_policy\":[]}",
        "{\"severity_policy\":[{\"event_id\":\".*\",\"severity_label\":\"unheard\"}]}",
        "{\"severity_policy\":[{\"event_id\":\"(?=x)\",\"severity_label\":\"info\"}]}",
        "{\"severity_policy\":[{\"event_id\":\".*\"}]}"
      })
  void aPolicyThatCannotBeUsedIsRefused(String json) {
    assertThatThrownBy(() -> SeverityPolicy.parse(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(WireException.class);
  }

  @Test
  void aMildFindingIsToldOnceAndTheNodeIsAskedOnUntilItIsGoodAgain() throws Exception {
    TestAgent agent = agent("mild");
    TestAgent other = agent("other");
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    enrol(other, other.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, agent);
    agent.measure("/usr/bin/new", HashAlg.SHA256.hash(new byte[] {1}));

    await("it failed more than once", () -> count(ControlEvent.Failed.class, agent) > 2);
    await("the other was told", () -> !other.notices.isEmpty());
    assertThat(status(agent).state()).isEqualTo(OperationalState.INVALID_QUOTE);
    assertThat(status(agent).attestationStatus()).isEqualTo(AttestationStatus.FAIL);
    assertThat(status(agent).lastEvent().orElseThrow().severity().level()).isZero();
    String body =
        Json.object()
            .put("runtime_policy", Base64.getEncoder().encodeToString(agent.policy()))
            .build()
            .toString();
    client.exchange(owner(), ClientRequest.json("PUT", "/v2.6/allowlists/mild", body));
    long passes = count(ControlEvent.Passed.class, agent);
    await("it is good again", () -> count(ControlEvent.Passed.class, agent) > passes);

    assertThat(status(agent).attestationStatus()).isEqualTo(AttestationStatus.PASS);
    assertThat(kinds(agent).stream().filter(EntryKind.FAILED::equals)).hasSize(1);
    assertThat(other.notices).hasSize(1);
    assertThat(other.notices.getFirst().msg()).contains("\"severity_label\":\"low\"");
  }
}
