package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlEvent;
import dev.keystead.evidence.json.Json;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Endpoint;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.keylime.Nonce;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.keylime.quote.QuoteQuery;
import dev.keystead.keylime.quote.QuoteReply;
import dev.keystead.keylime.quote.QuoteString;
import dev.keystead.tpm.structure.HashAlg;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Verification on demand, asked for by somebody without a certificate. */
class VerificationTest extends VerifierFixture {
  private static final Nonce NONCE = new Nonce("ThirdPartyNonce");

  @Test
  void aThirdPartyLearnsThatAQuoteIsByTheMachineOfAnAgent() throws Exception {
    TestAgent agent = watched("mine");
    assertThat(identity(agent.id.value(), quote(agent), NONCE.value(), "sha256"))
        .isEqualTo(json("{\"valid\":1}"));
  }

  @Test
  void aQuoteByAnotherMachineIsNotThisAgents() throws Exception {
    TestAgent agent = watched("mine");
    TestAgent other = watched("other");
    Json.Obj answer = identity(agent.id.value(), quote(other), NONCE.value(), "sha256");
    assertThat(answer.members().get("valid")).isEqualTo(Json.of(0));
    assertThat(String.valueOf(answer.members().get("reason"))).contains("signature");
  }

  @ParameterizedTest
  @CsvSource({"AnotherNonce,sha256", "ThirdPartyNonce,sha384"})
  void aQuoteThatDoesNotAnswerTheQuestionIsNotValid(String nonce, String hash) throws Exception {
    TestAgent agent = watched("mine");
    assertThat(identity(agent.id.value(), quote(agent), nonce, hash).members().get("valid"))
        .isEqualTo(Json.of(0));
  }

  @Test
  void anAgentThatHasNotAttestedYetIsNotVouchedFor() throws Exception {
    TestAgent agent = agent("mute");
    agent.script = Optional.of(_ -> HttpResponse.of(500));
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    assertThat(
            identity(agent.id.value(), quote(agent), NONCE.value(), "sha256")
                .members()
                .get("valid"))
        .isEqualTo(Json.of(0));
  }

  @Test
  void anUnknownAgentIsNotFound() throws Exception {
    TestAgent agent = agent("mine");
    assertThat(
            ask("/v2.6/verify/identity?agent_uuid=unknown&nonce=a&hash_alg=sha256&quote="
                    + URLEncoder.encode(quote(agent), StandardCharsets.US_ASCII))
                .status())
        .isEqualTo(404);
  }

  @Test
  void evidenceThatFitsItsPoliciesIsValid() throws Exception {
    TestAgent agent = agent("mine");
    Json.Obj answer = results(evidence(body(agent, list -> list)));
    assertThat(answer).isEqualTo(json("{\"valid\":1,\"claims\":{},\"failures\":[]}"));
  }

  @Test
  void aFileThatThePolicyDoesNotListIsAFailureWithItsReason() throws Exception {
    TestAgent agent = agent("mine");
    String policy = new String(agent.policy(), StandardCharsets.UTF_8);
    agent.measure("/usr/bin/evil", HashAlg.SHA256.hash(new byte[] {1}));
    Json.Obj answer = results(evidence(body(agent, policy, list -> list)));
    assertThat(answer.members().get("valid")).isEqualTo(Json.of(0));
    assertThat(String.valueOf(answer.members().get("failures")))
        .contains("ima.validation.ima-ng.not_in_allowlist", "/usr/bin/evil");
  }

  @Test
  void aListThatWasChangedOrLeftOutIsAFailure() throws Exception {
    TestAgent agent = agent("mine");
    assertThat(
            results(evidence(body(agent, list -> list.replace("/usr/bin/good", "/usr/bin/evil"))))
                .members()
                .get("valid"))
        .isEqualTo(Json.of(0));
    assertThat(results(evidence(body(agent, _ -> ""))).members().get("valid"))
        .isEqualTo(Json.of(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"quote", "nonce", "hash_alg", "tpm_ek", "tpm_ak", "runtime_policy"})
  void evidenceWithoutAFieldIsRefused(String field) throws Exception {
    TestAgent agent = agent("mine");
    String body = body(agent, list -> list).replace("\"" + field + "\"", "\"other\"");
    HttpResponse reply = evidence(body);
    assertThat(reply.status()).as(words(reply)).isEqualTo(400);
  }

  @Test
  void onlyAnOwnerMaySendWhatIsLarge() throws Exception {
    ClientRequest large =
        ClientRequest.json("POST", "/v2.6/verify/evidence", " ".repeat(300 << 10) + "{}");
    assertThat(client.exchange(anybody(), large).status()).isEqualTo(413);
    assertThat(client.exchange(owner(), large).status()).isEqualTo(400);
  }

  @Test
  void evidenceOfAnotherTypeIsRefused() throws Exception {
    TestAgent agent = agent("mine");
    assertThat(evidence(body(agent, list -> list).replace("\"tpm\"", "\"tee\"")).status())
        .isEqualTo(400);
  }

  private TestAgent watched(String name) throws Exception {
    TestAgent agent = agent(name);
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, agent);
    return agent;
  }

  private static String quote(TestAgent agent) throws Exception {
    return QuoteString.encode(reply(agent).quote());
  }

  private static QuoteReply reply(TestAgent agent) throws Exception {
    return agent.answer(
        new QuoteQuery.Integrity(NONCE, PcrMask.NONE.with(PcrMask.IMA_PCR), true, 0));
  }

  private Json.Obj identity(String id, String quote, String nonce, String hash) throws Exception {
    HttpResponse reply =
        ask(
            "/v2.6/verify/identity?agent_uuid=%s&nonce=%s&hash_alg=%s&quote=%s"
                .formatted(id, nonce, hash, URLEncoder.encode(quote, StandardCharsets.US_ASCII)));
    assertThat(reply.status()).as(words(reply)).isEqualTo(200);
    return results(reply);
  }

  private static String body(TestAgent agent, UnaryOperator<String> list) throws Exception {
    return body(agent, new String(agent.policy(), StandardCharsets.UTF_8), list);
  }

  private static String body(TestAgent agent, String policy, UnaryOperator<String> list)
      throws Exception {
    QuoteReply reply = reply(agent);
    Base64.Encoder base64 = Base64.getEncoder();
    return Json.object()
        .put("type", "tpm")
        .put(
            "data",
            Json.object()
                .put("quote", QuoteString.encode(reply.quote()))
                .put("nonce", NONCE.value())
                .put("hash_alg", "sha256")
                .put("tpm_ek", base64.encodeToString(agent.tpm.ek().toSizedBytes()))
                .put("tpm_ak", base64.encodeToString(agent.tpm.ak().area().toSizedBytes()))
                .put("runtime_policy", policy)
                .put("ima_measurement_list", list.apply(reply.ima().orElseThrow().entries())))
        .build()
        .toString();
  }

  private HttpResponse evidence(String body) throws Exception {
    return client.exchange(anybody(), ClientRequest.json("POST", "/v2.6/verify/evidence", body));
  }

  private HttpResponse ask(String path) throws Exception {
    return client.exchange(anybody(), ClientRequest.get(path));
  }

  private Endpoint anybody() {
    return Endpoint.tls("127.0.0.1", verifier.port(), ClientTls.anonymous(identity.trust()));
  }

  private static Json json(String text) {
    return Json.parse(text, dev.keystead.evidence.json.Limits.WIRE);
  }
}
