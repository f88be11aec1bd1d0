package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Endpoint;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.keylime.AgentId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be used is refused when it is sent. */
class EnrolmentTest extends VerifierFixture {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "v|\"AAAA\"",
        "v|5",
        "cloudagent_ip|\"a b\"",
        "cloudagent_ip|null",
        "cloudagent_port|0",
        "cloudagent_port|\"70000\"",
        "tpm_policy|\"\"",
        "tpm_policy|\"{\\\"mask\\\":\\\"0x1000000\\\"}\"",
        "tpm_policy|\"{\\\"mask\\\":\\\"0x400\\\",\\\"10\\\":[\\\"00\\\"]}\"",
        "tpm_policy|{}",
        "runtime_policy|\"e30=\"",
        "runtime_policy|\"bm90IGpzb24=\"",
        "runtime_policy|null",
        "runtime_policy_key|\"AAAA\"",
        "runtime_policy_name|\"../shared\"",
        "mb_policy_name|\"a b\"",
        "mb_policy|\"{\\\"a\\\":1}\"",
        "mb_policy|7",
        "ima_sign_verification_keys|\"nonsense\"",
        "metadata|\"[]\"",
        "revocation_key|\"-----BEGIN PRIVATE KEY-----\"",
        "accept_tpm_hash_algs|[]",
        "accept_tpm_hash_algs|[\"sha1\"]",
        "accept_tpm_signing_algs|[\"ecschnorr\"]",
        "accept_tpm_encryption_algs|\"rsa\"",
        "ak_tpm|\"AAAA\"",
        "ak_tpm|null",
        "mtls_cert|null",
        "mtls_cert|\"-----BEGIN CERTIFICATE-----\\n-----END CERTIFICATE-----\\n\"",
        "supported_version|\"1.0\"",
        "supported_version|\"9.9\"",
        "supported_version|2.6",
      })
  void anEnrolmentWithAFieldThatCannotBeUsedIsRefused(String field, String value) throws Exception {
    TestAgent agent = agent("refused");
    HttpResponse reply = post(agent.id, changed(agent, field, value));
    assertThat(reply.status()).as(words(reply)).isEqualTo(400);
    assertThat(words(reply)).isNotEmpty();
    assertThat(owner("GET", "/v2.6/agents/" + agent.id).status()).isEqualTo(404);
    assertThat(agent.asked).isEmpty();
    assertThat(kinds()).isEmpty();
  }

  @Test
  void aNodeIsEnrolledOnce() throws Exception {
    TestAgent agent = agent("twice");
    String body = agent.enrolment(Optional.empty(), Optional.empty()).toJson().toString();
    assertThat(post(agent.id, body).status()).isEqualTo(200);
    assertThat(post(agent.id, body).status()).isEqualTo(409);
    assertThat(kinds(agent)).contains(EntryKind.ENROLLED);
  }

  @Test
  void nodesAreListedAsKeylimesVerifierListsThem() throws Exception {
    TestAgent agent = agent("listed");
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    assertThat(results(owner("GET", "/v2.6/agents/")).toString())
        .isEqualTo("{\"uuids\":[[\"listed\"]]}");
    assertThat(results(owner("GET", "/v2.6/agents/?verifier=")).toString())
        .isEqualTo(results(owner("GET", "/v2.6/agents/")).toString());
    assertThat(results(owner("GET", "/v2.6/agents/?verifier=other")).toString())
        .isEqualTo("{\"uuids\":[]}");
    assertThat(results(owner("GET", "/v2.6/agents/?bulk=True")).members()).containsKey("listed");
  }

  @Test
  void aLargePolicyIsTakenFromTheOwnerAlone() throws Exception {
    String large = "{\"a\":\"" + "x".repeat(200_000) + "\"}";
    assertThat(post(AgentId.of("a"), large).status()).isEqualTo(400);
    Endpoint anonymous =
        Endpoint.tls("127.0.0.1", verifier.port(), ClientTls.anonymous(identity.trust()));
    assertThat(
            client
                .exchange(anonymous, ClientRequest.json("POST", "/v2.6/agents/a", large))
                .status())
        .isEqualTo(413);
  }

  @Test
  void aBootIsHeldAgainstReferenceValuesOfOurOwn() throws Exception {
    TestAgent as = agent("as-expected");
    assertThat(post(as.id, changed(as, "mb_policy", reference("00"))).status()).isEqualTo(200);
    TestAgent other = agent("another-boot");
    assertThat(post(other.id, changed(other, "mb_policy", reference("11"))).status())
        .isEqualTo(200);
    await(ControlEvent.Passed.class, as);
    ControlEvent.Failed failed = await(ControlEvent.Failed.class, other);
    assertThat(failed.reasons()).anyMatch(reason -> reason.contains("PCR 4"));
    assertThat(count(ControlEvent.Passed.class, other)).isZero();
  }

  @Test
  void referenceValuesThatCannotBeReadAreRefused() throws Exception {
    TestAgent agent = agent("unreadable");
    HttpResponse reply = post(agent.id, changed(agent, "mb_policy", reference("zz")));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(words(reply)).isNotEmpty();
  }

  /** What PCR 4 has to be, as the JSON text that an enrolment carries. */
  private static String reference(String octet) {
    String policy =
        "{\"type\":\"keystead-boot-reference\",\"version\":1,\"pcrs\":{\"sha256\":{\"4\":\""
            + octet.repeat(32)
            + "\"}},\"events\":[]}";
    return Json.of(policy).toString();
  }

  private static String changed(TestAgent agent, String field, String value) {
    var out = Json.object();
    agent
        .enrolment(Optional.empty(), Optional.empty())
        .toJson()
        .members()
        .forEach((name, old) -> {
          if (!name.equals(field)) {
            out.put(name, old);
          }
        });
    return out.put(field, Json.parse(value, Limits.WIRE)).build().toString();
  }
}
