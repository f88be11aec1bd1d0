package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedPolicyTest extends VerifierFixture {
  private static final String EMPTY =
      "{\"meta\":{\"version\":1,\"generator\":3},\"release\":0,\"digests\":{},\"excludes\":[],"
          + "\"keyrings\":{},\"ima\":{\"ignored_keyrings\":[],\"log_hash_alg\":\"sha1\","
          + "\"dm_policy\":null},\"ima-buf\":{},\"verification-keys\":\"\"}";

  @Test
  void aPolicyIsKeptListedGivenChangedAndDeleted() throws Exception {
    assertThat(owner("GET", "/v2.6/allowlists/web").status()).isEqualTo(404);
    HttpResponse added = send("POST", "web", EMPTY.getBytes(StandardCharsets.UTF_8));
    assertThat(added.status()).isEqualTo(201);
    assertThat(results(owner("GET", "/v2.6/allowlists/")))
        .isEqualTo(Json.parse("{\"runtimepolicy names\":[\"web\"]}", Limits.WIRE));
    Json.Obj kept = results(owner("GET", "/v2.6/allowlists/web"));
    assertThat(kept.members().keySet()).containsExactly("name", "tmp_policy", "runtime_policy");
    assertThat(kept.members().get("runtime_policy")).isEqualTo(Json.of(EMPTY));
    assertThat(send("PUT", "web", EMPTY.getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(201);
    assertThat(owner("DELETE", "/v2.6/allowlists/web").status()).isEqualTo(204);
    assertThat(owner("DELETE", "/v2.6/allowlists/web").status()).isEqualTo(404);
    assertThat(kinds())
        .containsExactly(
            EntryKind.POLICY_ADDED, EntryKind.POLICY_CHANGED, EntryKind.POLICY_DELETED);
  }

  @Test
  void aBootPolicyIsKeptListedGivenAndDeleted() throws Exception {
    String body = "{\"mb_policy\":\"{}\"}";
    assertThat(
            client
                .exchange(owner(), ClientRequest.json("POST", "/v2.6/mbpolicies/m", body))
                .status())
        .isEqualTo(201);
    assertThat(results(owner("GET", "/v2.6/mbpolicies")))
        .isEqualTo(Json.parse("{\"mbpolicy names\":[\"m\"]}", Limits.WIRE));
    assertThat(results(owner("GET", "/v2.6/mbpolicies/m")))
        .isEqualTo(Json.parse("{\"name\":\"m\",\"mb_policy\":\"{}\"}", Limits.WIRE));
    assertThat(
            client
                .exchange(owner(), ClientRequest.json("PUT", "/v2.6/mbpolicies/m", body))
                .status())
        .isEqualTo(201);
    assertThat(owner("DELETE", "/v2.6/mbpolicies/m").status()).isEqualTo(204);
  }

  @Test
  void aNameThatIsTakenIsNotTakenAgainAndOneThatIsUnknownIsNotChanged() throws Exception {
    byte[] policy = EMPTY.getBytes(StandardCharsets.UTF_8);
    assertThat(send("PUT", "web", policy).status()).isEqualTo(404);
    send("POST", "web", policy);
    assertThat(send("POST", "web", policy).status()).isEqualTo(409);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "x", "{\"digests\":{}}"})
  void aPolicyThatCannotBeUsedIsRefusedWhenItIsSent(String policy) throws Exception {
    assertThat(send("POST", "web", policy.getBytes(StandardCharsets.UTF_8)).status())
        .isEqualTo(400);
    assertThat(owner("GET", "/v2.6/allowlists/web").status()).isEqualTo(404);
  }

  @Test
  void aChangedPolicyReachesTheNodesThatUseIt() throws Exception {
    TestAgent agent = agent("watched");
    TestAgent other = agent("other");
    assertThat(send("POST", "web", agent.policy()).status()).isEqualTo(201);
    enrol(agent, named(agent, "web"));
    enrol(other, other.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, agent);
    await(ControlEvent.Passed.class, other);

    assertThat(send("PUT", "web", EMPTY.getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(201);

    assertThat(await(ControlEvent.Failed.class, agent).event())
        .isEqualTo("ima.validation.ima-ng.not_in_allowlist");
    long passes = count(ControlEvent.Passed.class, other);
    await("others go on", () -> count(ControlEvent.Passed.class, other) > passes + 1);
  }

  @Test
  void whatAChangedPolicyAllowsIsAllowedAtOnce() throws Exception {
    TestAgent agent = agent("watched");
    send("POST", "web", agent.policy());
    enrol(agent, named(agent, "web"));
    await(ControlEvent.Passed.class, agent);
    byte[] digest = HashAlg.SHA256.hash(new byte[] {1});
    byte[] wider =
        new String(agent.policy(), StandardCharsets.UTF_8)
            .replace(
                "\"digests\":{",
                "\"digests\":{\"/usr/bin/new\":[\""
                    + java.util.HexFormat.of().formatHex(digest)
                    + "\"],")
            .getBytes(StandardCharsets.UTF_8);

    assertThat(send("PUT", "web", wider).status()).isEqualTo(201);
    agent.measure("/usr/bin/new", digest);

    await(
        "the new file is judged",
        () ->
            events.stream()
                .anyMatch(
                    e -> e instanceof ControlEvent.Passed passed && passed.imaEntries() == 3));
    assertThat(status(agent).attestationStatus()).isEqualTo(AttestationStatus.PASS);
    assertThat(count(ControlEvent.Failed.class, agent)).isZero();
  }

  @Test
  void aPolicyInUseIsNotDeletedAndANameAloneMustBeKnown() throws Exception {
    TestAgent agent = agent("watched");
    assertThat(post(agent.id, named(agent, "web").toJson().toString()).status()).isEqualTo(404);
    send("POST", "web", agent.policy());
    enrol(agent, named(agent, "web"));

    assertThat(owner("DELETE", "/v2.6/allowlists/web").status()).isEqualTo(409);

    owner("DELETE", "/v2.6/agents/watched");
    assertThat(owner("DELETE", "/v2.6/allowlists/web").status()).isEqualTo(204);
  }

  @Test
  void aPolicyWithoutANameStandsUnderTheAgentsIdAndGoesWithIt() throws Exception {
    TestAgent agent = agent("watched");
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    assertThat(results(owner("GET", "/v2.6/allowlists")))
        .isEqualTo(Json.parse("{\"runtimepolicy names\":[\"watched\"]}", Limits.WIRE));
    assertThat(send("PUT", "watched", EMPTY.getBytes(StandardCharsets.UTF_8)).status())
        .isEqualTo(201);
    await(ControlEvent.Failed.class, agent);
    owner("DELETE", "/v2.6/agents/watched");
    assertThat(results(owner("GET", "/v2.6/allowlists")))
        .isEqualTo(Json.parse("{\"runtimepolicy names\":[]}", Limits.WIRE));
  }

  @Test
  void aNodeIsJudgedByItsNamedPolicyAfterARestart() throws Exception {
    TestAgent agent = agent("watched");
    send("POST", "web", agent.policy());
    enrol(agent, named(agent, "web"));
    await(ControlEvent.Passed.class, agent);
    verifier.close();
    events.clear();
    verifier = start(folder.resolve("verifier.db"), timing());
    await(ControlEvent.Passed.class, agent);

    agent.measure("/usr/bin/evil", HashAlg.SHA256.hash(new byte[] {2}));

    assertThat(await(ControlEvent.Failed.class, agent).event())
        .isEqualTo("ima.validation.ima-ng.not_in_allowlist");
  }

  private HttpResponse send(String method, String name, byte[] policy) throws Exception {
    String body =
        Json.object()
            .put("runtime_policy", Base64.getEncoder().encodeToString(policy))
            .put("runtime_policy_key", "")
            .put("tpm_policy", "{\"mask\":\"0x400\"}")
            .build()
            .toString();
    return client.exchange(owner(), ClientRequest.json(method, "/v2.6/allowlists/" + name, body));
  }

  private static VerifierAgentAdd named(TestAgent agent, String name) {
    VerifierAgentAdd add = agent.enrolment(Optional.empty(), Optional.empty());
    return add.with(
        new dev.keystead.keylime.verifier.Policies(
            add.policies().tpm(),
            Optional.empty(),
            Optional.of(name),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }
}
