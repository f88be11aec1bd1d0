package dev.keystead.control.verifier;

import dev.keystead.evidence.History;
import dev.keystead.http.Endpoint;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.bootstrap.KeyShare;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.revocation.RevocationKey;
import dev.keystead.keylime.verifier.OperationalState;
import java.util.Optional;

/**
 * A node under watch. Whoever changes it holds its lock; whoever shows it reads {@link #state}.
 * When the owner starts the watch anew, a new object takes its place, and what is still under way
 * for this one counts for nothing.
 */
final class Node {
  final Enrolment enrolment;
  final Endpoint endpoint;
  final Optional<KeyShare> share;
  final Optional<RevocationKey> revocationKey;

  volatile NodeState state;
  History history;
  Optional<PayloadKey> payloadKey;

  /** The watch of this object has ended. */
  boolean over;

  boolean shareDelivered;
  boolean askForKey = true;
  boolean askedAgain;
  int notReached;
  int shareNotTaken;
  long lastCheckpoint;

  /** It has come further than was written down. */
  boolean progressed;

  Node(
      Enrolment enrolment,
      Endpoint endpoint,
      Optional<KeyShare> share,
      Optional<RevocationKey> revocationKey,
      NodeState state,
      History history,
      Optional<PayloadKey> payloadKey) {
    this.enrolment = enrolment;
    this.endpoint = endpoint;
    this.share = share;
    this.revocationKey = revocationKey;
    this.state = state;
    this.history = history;
    this.payloadKey = payloadKey;
  }

  AgentId id() {
    return enrolment.id();
  }

  boolean owesShare() {
    return share.isPresent() && !shareDelivered;
  }

  OperationalState operational() {
    return state.state();
  }
}
