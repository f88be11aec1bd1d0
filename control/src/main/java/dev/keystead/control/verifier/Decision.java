package dev.keystead.control.verifier;

import dev.keystead.keylime.revocation.KeylimeEvent;
import dev.keystead.keylime.revocation.Severity;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.OperationalState;
import java.util.List;

/**
 * That a node is not to be trusted any more.
 *
 * @param state where the node stands from now on
 * @param status FAIL for bad evidence, TIMEOUT for none
 * @param event in Keylime's words
 * @param reasons in ours, one for each finding
 * @param tell whether the other nodes are told
 */
record Decision(
    OperationalState state,
    AttestationStatus status,
    KeylimeEvent event,
    List<String> reasons,
    boolean tell) {

  /** Its evidence is bad. */
  static Decision invalid(KeylimeEvent event, List<String> reasons) {
    return new Decision(
        OperationalState.INVALID_QUOTE, AttestationStatus.FAIL, event, reasons, true);
  }

  /** It answers, but not with evidence or not as it must. */
  static Decision noEvidence(String event, String reason) {
    return new Decision(
        OperationalState.FAILED,
        AttestationStatus.FAIL,
        KeylimeEvent.of(event, reason),
        List.of(reason),
        true);
  }

  /**
   * It cannot be reached.
   *
   * @param tell true when it was trusted before, or waits for its share
   */
  static Decision unreachable(String event, String reason, boolean tell) {
    return new Decision(
        OperationalState.FAILED,
        AttestationStatus.TIMEOUT,
        KeylimeEvent.of(event, reason),
        List.of(reason),
        tell);
  }

  /** The same, as severe as the owner calls it, telling the others or not. */
  Decision as(Severity severity, boolean tell) {
    return new Decision(state, status, event.as(severity), reasons, tell);
  }

  /** All reasons in one line. */
  String reason() {
    return String.join("; ", reasons);
  }
}
