package dev.keystead.keylime.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.Capture;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.Envelope;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.keylime.registration.AgentRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tenant and the verifier really said to each other. */
class VerifierCaptureTest {
  /** The text inside {@code tpm_policy} may have other white space; a port may be its text. */
  private static Map<String, Json> comparable(Json json) {
    Map<String, Json> members = new LinkedHashMap<>(((Json.Obj) json).members());
    members.computeIfPresent(
        "tpm_policy", (_, text) -> Json.parse(((Json.Str) text).value(), Limits.WIRE));
    members.computeIfPresent(
        "verifier_port",
        (_, port) ->
            port instanceof Json.Str text ? Json.of(Integer.parseInt(text.value())) : port);
    return members;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pull/10-verifier-post-agent",
        "pull-cert-package/05-verifier-post-agent",
        "pull-cert-package/10-verifier-post-failing-agent",
        "pull-ecc384-measured-boot/06-verifier-post-agent",
        "pull-ecc384-measured-boot/12-verifier-post-boot-policy",
        "pull-python-agent-6.6.0/08-verifier-post-agent",
        "push/06-verifier-post-agent"
      })
  void theTenantsEnrolmentIsReadAndWrittenAsItWas(String name) {
    Json body = Capture.of(name).request();
    VerifierAgentAdd add = VerifierAgentAdd.parse(body);
    assertThat(comparable(add.toJson())).isEqualTo(comparable(body));
    assertThat(add.toJson().members().keySet())
        .containsExactlyElementsOf(((Json.Obj) body).members().keySet());
  }

  @Test
  void anEnrolmentSaysWhatTheOwnerMeant() {
    VerifierAgentAdd add =
        VerifierAgentAdd.parse(Capture.of("pull/10-verifier-post-agent").request());
    AgentRecord record = AgentRecord.parse(Capture.of("pull/05-tenant-registrar-get").results());
    assertThat(add.ak().name()).isEqualTo(record.ak().name());
    assertThat(add.mtlsCert()).isEqualTo(record.mtlsCert());
    assertThat(add.contact()).isEqualTo(record.contact().orElseThrow());
    assertThat(add.policies().tpm().mask()).isEqualTo(PcrMask.NONE.with(PcrMask.IMA_PCR));
    assertThat(add.policies().runtime().orElseThrow()).startsWith((byte) '{');
    assertThat(add.policies().boot()).isEmpty();
    assertThat(add.version()).isEqualTo(ApiVersion.CURRENT);
    assertThat(add.verifier()).contains(new ContactAddress("127.0.0.1", 8981));
    assertThat(add.revocationKey()).isEmpty();
  }

  @Test
  void anAgentInThePushModelGetsNoShare() {
    VerifierAgentAdd add =
        VerifierAgentAdd.parse(Capture.of("push/06-verifier-post-agent").request());
    assertThat(add.v()).isEmpty();
    assertThat(add.mtlsCert()).contains(new MtlsCert.Disabled());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pull/11-verifier-get-agent-start",
        "pull/17-verifier-get-agent-get-quote",
        "push/07-verifier-get-agent"
      })
  void aStatusIsReadAsItWasAndWrittenWithoutShareV(String name) {
    Json.Obj results = Capture.of(name).results();
    VerifierAgentStatus status = VerifierAgentStatus.parse(results);
    Map<String, Json> expected = comparable(results);
    assertThat(expected).containsKey("v");
    expected.remove("v");
    assertThat(comparable(status.toJson())).isEqualTo(expected);
  }

  @Test
  void aStatusSaysHowAnAgentStands() {
    VerifierAgentStatus status =
        VerifierAgentStatus.parse(Capture.of("pull/17-verifier-get-agent-get-quote").results());
    assertThat(status.state()).isEqualTo(OperationalState.GET_QUOTE);
    assertThat(status.attestationStatus()).isEqualTo(AttestationStatus.PASS);
    assertThat(status.attestations()).isEqualTo(4);
    assertThat(status.lastEvent()).isEmpty();
  }

  @Test
  void deletionInFlightAndDoneAreToldByTheirCodes() {
    Capture inFlight = Capture.of("pull-ecc384-measured-boot/10-verifier-delete-in-flight");
    Capture gone = Capture.of("pull-ecc384-measured-boot/11-verifier-get-deleted");
    assertThat(Envelope.parse(inFlight.response()))
        .isEqualTo(new Envelope(202, "Accepted", Envelope.NOTHING));
    assertThat(Envelope.parse(gone.response()))
        .isEqualTo(Envelope.error(404, "agent id not found"));
    assertThat(Envelope.parse(Capture.of("pull/20-verifier-delete-agent").response()))
        .isEqualTo(Envelope.success());
  }
}
