package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlEvent;
import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.command.Pcr;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Which programs may run on a node is policy like any other. */
class LaunchPolicyTest extends VerifierFixture {
  private static final String GOOD = "ab".repeat(32);
  private static final String EVIL = "ef".repeat(32);

  private final List<String> log = new CopyOnWriteArrayList<>();

  /** What a host does before it starts a program; {@code hidden} leaves out the line. */
  private void launch(TestAgent agent, String measurement, boolean hidden) throws Exception {
    String line = "launch1 2026-11-22T18:00:00Z %s 61234 base program".formatted(measurement);
    if (!hidden) {
      log.add(line + "\n");
    }
    agent
        .tpm
        .tpm()
        .execute(
            new Pcr.Event(
                Handle.pcr(13).withEmptyAuth(), line.getBytes(StandardCharsets.US_ASCII)));
  }

  private TestAgent host(String name) throws Exception {
    TestAgent agent = agent(name);
    agent.tampering =
        reply -> {
          var out = Json.object();
          reply.members().forEach(out::put);
          return out.putBytes64(
                  "launch_log", String.join("", log).getBytes(StandardCharsets.US_ASCII))
              .build();
        };
    return agent;
  }

  private static VerifierAgentAdd judged(TestAgent agent) {
    VerifierAgentAdd add = agent.enrolment(Optional.empty(), Optional.empty());
    String policy =
        "{\"version\": 1, \"programs\": [{\"measurement\": \"%s\", \"name\": \"good\"}]}"
            .formatted(GOOD);
    return add.with(add.policies().ofLaunch(policy));
  }

  @Test
  void aProgramThatIsNotApprovedMakesItsNodeUntrusted() throws Exception {
    TestAgent agent = host("node");
    launch(agent, GOOD, false);
    enrol(agent, judged(agent));
    await(ControlEvent.Passed.class, agent);
    launch(agent, EVIL, false);
    ControlEvent.Failed failed = await(ControlEvent.Failed.class, agent);
    assertThat(failed.event()).isEqualTo("launch.not_in_policy");
    assertThat(failed.reasons()).anyMatch(reason -> reason.contains(EVIL));
  }

  @Test
  void aNodeThatHidesALaunchIsUntrusted() throws Exception {
    TestAgent agent = host("node");
    launch(agent, GOOD, false);
    enrol(agent, judged(agent));
    await(ControlEvent.Passed.class, agent);
    launch(agent, EVIL, true);
    assertThat(await(ControlEvent.Failed.class, agent).event()).isEqualTo("launch.pcr_mismatch");
  }

  @Test
  void aNodeThatSendsNoLogIsUntrusted() throws Exception {
    TestAgent agent = agent("node");
    enrol(agent, judged(agent));
    assertThat(await(ControlEvent.Failed.class, agent).event()).isEqualTo("launch.missing_log");
  }

  @Test
  void aPolicyThatCannotBeUsedIsRefusedWhenItIsSent() throws Exception {
    TestAgent agent = agent("node");
    VerifierAgentAdd add = agent.enrolment(Optional.empty(), Optional.empty());
    String body = add.with(add.policies().ofLaunch("{\"version\": 2}")).toJson().toString();
    assertThat(post(agent.id, body).status()).isEqualTo(400);
  }
}
