package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.revocation.KeylimeEvent;
import dev.keystead.keylime.verifier.AttestationStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VersionTest extends VerifierFixture {
  private static final ApiVersion V2_1 = new ApiVersion(2, 1);
  private static final ApiVersion V2_4 = new ApiVersion(2, 4);

  @Test
  void anAgentThatSpeaksOnlyAnOlderVersionIsSpokenToInIt() throws Exception {
    TestAgent agent = agent("older");
    agent.speaks = List.of(V2_1);
    enrol(agent, agent.enrolment(Optional.of(TestAgent.share()), Optional.empty()));

    await(ControlEvent.ShareDelivered.class, agent);

    assertThat(status(agent).attestationStatus()).isEqualTo(AttestationStatus.PASS);
    assertThat(kinds(agent)).contains(EntryKind.VERSION_CHANGED);
  }

  @Test
  void aNewerCommonVersionIsTakenUp() throws Exception {
    TestAgent agent = agent("newer");
    agent.speaks = List.of(V2_1);
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, agent);

    agent.speaks = List.of(V2_4);
    long before = count(ControlEvent.Passed.class, agent);
    await("more passes", () -> count(ControlEvent.Passed.class, agent) > before + 1);

    assertThat(status(agent).attestationStatus()).isEqualTo(AttestationStatus.PASS);
  }

  @Test
  void aDowngradeAfterAnAttestationIsRefused() throws Exception {
    TestAgent agent = agent("downgraded");
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, agent);

    agent.speaks = List.of(V2_1);

    assertThat(await(ControlEvent.Failed.class, agent).event())
        .isEqualTo(KeylimeEvent.VERSION_NOT_SUPPORTED);
    assertThat(status(agent).attestationStatus()).isEqualTo(AttestationStatus.FAIL);
  }

  @Test
  void aVersionThatWasAgreedOnIsSpokenAfterARestart() throws Exception {
    TestAgent agent = agent("restarted");
    agent.speaks = List.of(V2_1);
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, agent);
    verifier.close();
    events.clear();

    verifier = start(folder.resolve("verifier.db"), timing());

    await(ControlEvent.Passed.class, agent);
    assertThat(kinds(agent).stream().filter(EntryKind.VERSION_CHANGED::equals)).hasSize(1);
  }

  @Test
  void anAgentWithoutACommonVersionIsNotTrusted() throws Exception {
    TestAgent agent = agent("foreign");
    agent.speaks = List.of(new ApiVersion(1, 0));
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));

    assertThat(await(ControlEvent.Failed.class, agent).event())
        .isEqualTo(KeylimeEvent.VERSION_NOT_SUPPORTED);
  }

  @Test
  void anAgentThatRefusesEveryVersionIsAskedOnce() throws Exception {
    TestAgent agent = agent("fickle");
    agent.script =
        Optional.of(request ->
            request.target().segments().equals(List.of("version"))
                ? dev.keystead.http.HttpResponse.json(
                    200,
                    "{\"code\":200,\"status\":\"Success\",\"results\":{\"supported_version\":\"2.6\"}}")
                : dev.keystead.http.HttpResponse.json(
                    400,
                    "{\"code\":400,\"status\":\"API version not supported: v2.6\",\"results\":{}}"));
    enrol(agent, agent.enrolment(Optional.empty(), Optional.empty()));

    await(ControlEvent.Failed.class, agent);
    assertThat(status(agent).attestationStatus()).isEqualTo(AttestationStatus.FAIL);
  }
}
