package dev.keystead.keylime.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.Capture;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a push agent and its verifier really said to each other. */
class PushCaptureTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "push/03-session-post-before-enrolment",
        "push/08-session-post-rate-limited",
        "push/09-session-post"
      })
  void aSessionIsAskedForAsItWas(String name) {
    Json body = Capture.of(name).request();
    assertThat(SessionOpening.parse(body).toJson()).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"push/03-session-post-before-enrolment", "push/09-session-post"})
  void aChallengeIsSetAsItWas(String name) {
    Json body = Capture.of(name).response();
    assertThat(SessionChallenge.parse(body).toJson()).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"push/04-session-patch-before-enrolment", "push/10-session-patch"})
  void aProofAndItsResultAreWrittenAsTheyWere(String name) {
    Capture capture = Capture.of(name);
    assertThat(SessionProof.parse(capture.request()).toJson()).isEqualTo(capture.request());
    assertThat(SessionResult.parse(capture.response()).toJson()).isEqualTo(capture.response());
  }

  @ParameterizedTest
  @ValueSource(strings = {"push/11-attestation-post-first", "push/13-attestation-post"})
  void anOfferAndWhatIsAskedForAreWrittenAsTheyWere(String name) {
    Capture capture = Capture.of(name);
    assertThat(EvidenceOffer.parse(capture.request()).toJson()).isEqualTo(capture.request());
    assertThat(EvidenceRequest.parse(capture.response()).toJson()).isEqualTo(capture.response());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "push/12-attestation-patch-first",
        "push/14-attestation-patch",
        "push/16-attestation-patch-tampered"
      })
  void evidenceAndTheReplyToItAreWrittenAsTheyWere(String name) {
    Capture capture = Capture.of(name);
    assertThat(CollectedEvidence.parse(capture.request()).toJson()).isEqualTo(capture.request());
    long seconds = AttestationReport.secondsToNext(capture.response());
    assertThat(seconds).isEqualTo(2);
    Json.Obj written = AttestationReport.parse(capture.response()).toJson(seconds);
    assertThat(data(written)).isEqualTo(data(capture.response()));
  }

  /** The verifier said the path of the resource in two ways; the reason was left out. */
  @Test
  void theReportOfAFailureIsWrittenAsItWasWithAReason() {
    Json body = Capture.of("push/17-attestation-latest-after-failure").response();
    AttestationReport report = AttestationReport.parse(body);
    assertThat(report.verdict()).contains(new AttestationReport.Verdict.Fail(false));
    Json.Obj written = report.toJson(report.request().collection());
    Map<String, Json> attributes = attributes(written);
    assertThat(attributes.remove("failure_reason")).isEqualTo(Json.of("policy_violation"));
    assertThat(attributes).isEqualTo(attributes(body));
    assertThat(((Json.Obj) body).members().keySet()).isEqualTo(written.members().keySet());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "push/08-session-post-rate-limited",
        "push/19-attestation-post-no-token",
        "push/20-attestation-post-bad-token"
      })
  void refusalsAreWrittenAsTheyWere(String name) {
    Capture capture = Capture.of(name);
    ApiError error = ApiError.parse(capture.response());
    assertThat(error.status()).isEqualTo(capture.status());
    assertThat(error.toJson()).isEqualTo(capture.response());
  }

  @Test
  void anOffersKeyIsTheOneThatWasRegistered() {
    EvidenceOffer offer =
        EvidenceOffer.parse(Capture.of("push/11-attestation-post-first").request());
    CertificationKey key = offer.supported().quote().keys().getFirst();
    assertThat(CertificationKey.of(key.area()).write().build()).isEqualTo(key.write().build());
    assertThat(offer.supported().ima().orElseThrow().entries()).isEqualTo(30);
    assertThat(SessionOpening.parse(Capture.of("push/09-session-post").request()).agent())
        .isEqualTo(AgentId.of("eeeeeeee-0000-4000-8000-00000000009d"));
  }

  private static Json data(Json document) {
    return Json.object(attributes(document));
  }

  private static Map<String, Json> attributes(Json document) {
    Json.Obj attributes =
        ((Json.Obj) document).fields("").object("data").field("attributes").object();
    return new LinkedHashMap<>(attributes.members());
  }
}
