package dev.keystead.control.verifier;

import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import java.time.Duration;
import java.util.Optional;

/** What the owner is told of a node. */
final class StatusReport {
  private StatusReport() {}

  /** The status now: what was good is good only until the deadline for being good again. */
  static VerifierAgentStatus of(Node node, String verifierId, Timing timing, long now) {
    NodeState state = node.state;
    Enrolment enrolment = node.enrolment;
    return new VerifierAgentStatus(
        state.state(),
        Optional.of(enrolment.contact()).filter(_ -> !enrolment.isPush()),
        enrolment.tpmPolicy(),
        enrolment.metadata(),
        enrolment.policy().boot().isPresent(),
        enrolment.policy().files().isPresent(),
        enrolment.accept(),
        state.hashAlg(),
        state.encAlg(),
        state.signAlg(),
        verifierId,
        enrolment.verifier(),
        state.event(),
        state.attestations(),
        state.lastReceived() / 1000,
        state.lastPassed() / 1000,
        status(state, timing, now),
        seconds(timing.interval()),
        seconds(timing.deadline()));
  }

  private static AttestationStatus status(NodeState state, Timing timing, long now) {
    boolean late = now - state.lastPassed() > timing.deadline().toMillis();
    return state.status() == AttestationStatus.PASS && late
        ? AttestationStatus.TIMEOUT
        : state.status();
  }

  private static String seconds(Duration time) {
    long millis = time.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis / 1000.0 + "s";
  }
}
