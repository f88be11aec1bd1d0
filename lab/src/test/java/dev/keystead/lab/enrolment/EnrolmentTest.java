package dev.keystead.lab.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.OperationalState;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.agent.Agent;
import dev.keystead.tenant.AddRequest;
import dev.keystead.tenant.Deleted;
import dev.keystead.tenant.Endorsement;
import dev.keystead.tenant.Enrolled;
import dev.keystead.tenant.PayloadSource;
import dev.keystead.tenant.PolicySource;
import dev.keystead.tenant.Progress;
import dev.keystead.tenant.Removal;
import dev.keystead.tenant.TenantException;
import dev.keystead.tenant.TenantException.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a registered agent to one that is trusted, distrusted, and told about. */
class EnrolmentTest {
  private static final AgentId ONE = AgentId.of("node-1");
  private static final AgentId TWO = AgentId.of("node-2");
  @TempDir private Path folder;
  private final BlockingQueue<AgentEvent> events = new LinkedBlockingQueue<>();
  private Optional<Estate> opened = Optional.empty();

  @BeforeEach
  void open() throws Exception {
    opened = Optional.of(new Estate(folder));
  }

  @AfterEach
  void close() throws Exception {
    estate().close();
  }

  private Estate estate() {
    return opened.orElseThrow();
  }

  private MeasuredFiles measured(AgentId id) throws Exception {
    return MeasuredFiles.in(Files.createDirectory(estate().path(id + "-list")));
  }

  private AddRequest request(AgentId id, Path policy, Endorsement endorsement) throws Exception {
    Path script = estate().file("local_action_note", "#!/bin/sh\nexit 0\n");
    Path actions = estate().file("action_list", "local_action_note\n");
    return new AddRequest(
        id,
        new PayloadSource.CertificatePackage(estate().path("ca"), List.of(script, actions)),
        PolicySource.ofRuntime(policy),
        endorsement,
        AcceptLists.DEFAULT,
        Optional.of(Duration.ofSeconds(30)));
  }

  private VerifierAgentStatus await(AgentId id, Predicate<VerifierAgentStatus> wanted)
      throws InterruptedException {
    VerifierAgentStatus status = estate().tenant().status(id).attested().orElseThrow();
    for (int i = 0; i < 300 && !wanted.test(status); i++) {
      Thread.sleep(100);
      status = estate().tenant().status(id).attested().orElseThrow();
    }
    assertThat(status).matches(wanted);
    return status;
  }

  private <E extends AgentEvent> E next(Class<E> type) throws InterruptedException {
    for (AgentEvent event = events.poll(30, TimeUnit.SECONDS);
        event != null;
        event = events.poll(30, TimeUnit.SECONDS)) {
      if (type.isInstance(event)) {
        return type.cast(event);
      }
    }
    throw new AssertionError("no " + type.getSimpleName());
  }

  @Test
  void aTamperedNodeIsCutOffAndTheOtherIsToldAndActs() throws Exception {
    MeasuredFiles one = measured(ONE);
    MeasuredFiles two = measured(TWO);
    Endorsement makers = new Endorsement.Makers(estate().maker());
    Path policy = one.policy(estate().path("policy.json"));
    Agent witness = estate().agent(TWO, two.list(), events::add);
    Agent victim = estate().agent(ONE, one.list(), event -> {});

    Enrolled enrolled = estate().tenant().add(request(ONE, policy, makers), Progress.NONE);
    var _ = estate().tenant().add(request(TWO, policy, makers), Progress.NONE);

    assertThat(enrolled.keyProven()).isTrue();
    assertThat(enrolled.endorsement()).contains("software TPM");
    assertThat(victim.isBootstrapped()).isTrue();
    assertThat(next(AgentEvent.Bootstrapped.class).files()).isEqualTo(9);
    assertThat(witness.payload().resolve("node-2-private.pem")).isNotEmptyFile();
    VerifierAgentStatus good =
        await(ONE, s -> s.attestationStatus() == AttestationStatus.PASS && s.attestations() > 2);
    assertThat(good.state()).isEqualTo(OperationalState.GET_QUOTE);
    assertThat(estate().tenant().list()).hasSize(2);

    one.run("/tmp/evil");

    VerifierAgentStatus bad = await(ONE, s -> s.state() == OperationalState.INVALID_QUOTE);
    assertThat(bad.lastEvent().orElseThrow().id())
        .isEqualTo("ima.validation.ima-ng.not_in_allowlist");
    assertThat(next(AgentEvent.RevocationTaken.class).agentId()).isEqualTo(ONE.value());
    assertThat(next(AgentEvent.ActionRan.class))
        .isEqualTo(new AgentEvent.ActionRan("local_action_note", 0));
    var _ = await(TWO, s -> s.attestationStatus() == AttestationStatus.PASS);
  }

  @Test
  void aBootstrappedNodeGetsAnotherKeyOnlyAfterItsOwnerDeletedIt() throws Exception {
    MeasuredFiles files = measured(ONE);
    Path policy = files.policy(estate().path("policy.json"));
    Agent agent = estate().agent(ONE, files.list(), events::add);
    AddRequest request = request(ONE, policy, new Endorsement.Makers(estate().maker()));
    var _ = estate().tenant().add(request, Progress.NONE);

    assertThatThrownBy(() -> estate().tenant().add(request, Progress.NONE))
        .isInstanceOfSatisfying(
            TenantException.class, e -> assertThat(e.problem()).isEqualTo(Problem.REFUSED))
        .hasMessageContaining("delete it first");
    var _ = await(ONE, s -> s.attestationStatus() == AttestationStatus.PASS);

    assertThat(estate().tenant().delete(ONE, false))
        .isEqualTo(new Deleted(ONE, Removal.REMOVED, Removal.NOT_ASKED));
    Path key = agent.payload().resolve("derived_tci_key");
    byte[] before = Files.readAllBytes(key);
    assertThat(estate().tenant().add(request, Progress.NONE).keyProven()).isTrue();
    assertThat(Files.readAllBytes(key)).isNotEqualTo(before);
    var _ = await(ONE, s -> s.attestationStatus() == AttestationStatus.PASS);
  }

  @Test
  void aNodeThatRunsWhatThePolicyDoesNotListGetsNoKey() throws Exception {
    MeasuredFiles files = measured(ONE);
    Path policy = files.policy(estate().path("policy.json"));
    files.run("/tmp/evil");
    Agent agent = estate().agent(ONE, files.list(), events::add);
    AddRequest request = request(ONE, policy, new Endorsement.Unendorsed());
    assertThatThrownBy(() -> estate().tenant().add(request, Progress.NONE))
        .isInstanceOfSatisfying(
            TenantException.class, e -> assertThat(e.problem()).isEqualTo(Problem.NOT_TRUSTED))
        .hasMessageContaining("not_in_allowlist");
    assertThat(agent.isBootstrapped()).isFalse();
  }
}
