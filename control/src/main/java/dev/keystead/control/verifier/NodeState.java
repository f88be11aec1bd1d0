package dev.keystead.control.verifier;

import dev.keystead.keylime.quote.QuoteAlgorithms;
import dev.keystead.keylime.revocation.KeylimeEvent;
import dev.keystead.keylime.revocation.Severity;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.OperationalState;
import dev.keystead.keylime.verifier.VerifierAgentStatus.LastEvent;
import java.util.Optional;

/**
 * What a verifier knows of a node and shows to its owner.
 *
 * @param event what made it untrusted
 * @param reason the same in words
 * @param attestations how many were good
 * @param lastReceived when the last evidence came, in milliseconds since 1970, 0 for never
 * @param lastPassed when the last good evidence came, likewise
 * @param hashAlg of the last good quote; empty before
 * @param encAlg likewise
 * @param signAlg likewise
 * @param payloadKey the PEM that the last good quote was bound to
 */
record NodeState(
    OperationalState state,
    AttestationStatus status,
    Optional<LastEvent> event,
    Optional<String> reason,
    long attestations,
    long lastReceived,
    long lastPassed,
    String hashAlg,
    String encAlg,
    String signAlg,
    Optional<String> payloadKey) {
  private static final int LONGEST_REASON = 4096;

  /** Of a node that is about to be asked for the first time. */
  static final NodeState START =
      new NodeState(
          OperationalState.START,
          AttestationStatus.PENDING,
          Optional.empty(),
          Optional.empty(),
          0,
          0,
          0,
          "",
          "",
          "",
          Optional.empty());

  /** Of a node at the beginning; one that comes to us is awaited from then on. */
  static NodeState start(Enrolment enrolment) {
    return enrolment.isPush() ? START.in(OperationalState.GET_QUOTE) : START;
  }

  /** The same in another state. */
  NodeState in(OperationalState next) {
    return new NodeState(
        next,
        status,
        event,
        reason,
        attestations,
        lastReceived,
        lastPassed,
        hashAlg,
        encAlg,
        signAlg,
        payloadKey);
  }

  /** After good evidence. */
  NodeState passed(
      OperationalState next, QuoteAlgorithms algorithms, Optional<String> key, long now) {
    return new NodeState(
        next,
        AttestationStatus.PASS,
        Optional.empty(),
        Optional.empty(),
        attestations + 1,
        now,
        now,
        algorithms.hash().label(),
        algorithms.encryption(),
        algorithms.signing(),
        key);
  }

  /** After evidence that is bad, or was not to be had. */
  NodeState failed(
      OperationalState next,
      AttestationStatus verdict,
      KeylimeEvent what,
      String why,
      long received) {
    return new NodeState(
        next,
        verdict,
        Optional.of(new LastEvent(what.id(), what.severity())),
        Optional.of(why.length() > LONGEST_REASON ? why.substring(0, LONGEST_REASON) : why),
        attestations,
        received,
        lastPassed,
        hashAlg,
        encAlg,
        signAlg,
        payloadKey);
  }

  /** Whether this and that are failures for the same reason. */
  boolean sameFailureAs(NodeState other) {
    return state == other.state && event.equals(other.event) && reason.equals(other.reason);
  }

  /** Stopped by the owner: what it is, nobody watches. */
  NodeState stopped() {
    return new NodeState(
        OperationalState.TENANT_FAILED,
        AttestationStatus.FAIL,
        event,
        Optional.of("stopped by the owner"),
        attestations,
        lastReceived,
        lastPassed,
        hashAlg,
        encAlg,
        signAlg,
        Optional.empty());
  }

  /** Whether the node is not asked any more until its owner says so. */
  boolean isOver() {
    return switch (state) {
      case FAILED, TERMINATED, INVALID_QUOTE, TENANT_FAILED -> true;
      case REGISTERED, START, SAVED, GET_QUOTE, GET_QUOTE_RETRY, PROVIDE_V, PROVIDE_V_RETRY ->
          false;
    };
  }

  /** An event as it is kept: its severity as level and label, or as one of Keylime's labels. */
  static LastEvent event(String id, String severity) {
    int space = severity.indexOf(' ');
    return new LastEvent(
        id,
        space < 0
            ? Severity.parse(severity)
            : new Severity(
                Integer.parseInt(severity, 0, space, 10), severity.substring(space + 1)));
  }
}
