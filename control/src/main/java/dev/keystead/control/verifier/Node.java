package dev.keystead.control.verifier;

import dev.keystead.control.push.PushNode;
import dev.keystead.evidence.History;
import dev.keystead.http.Endpoint;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.bootstrap.KeyShare;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.revocation.RevocationKey;
import dev.keystead.keylime.verifier.OperationalState;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node under watch. Whoever changes it holds its lock; whoever shows it reads {@link #state}.
 * When the owner starts the watch anew, a new object takes its place, and what is still under way
 * for this one counts for nothing.
 */
final class Node {
  final Enrolment enrolment;
  final Optional<Endpoint> endpoint;
  final Optional<KeyShare> share;
  final Optional<RevocationKey> revocationKey;

  volatile NodeState state;

  /** The version that is spoken with it now. */
  volatile ApiVersion version;

  volatile History history;
  Optional<PayloadKey> payloadKey;

  /** The watch of this object has ended. */
  boolean over;

  boolean shareDelivered;
  boolean askForKey = true;
  boolean askedAgain;
  boolean askedVersions;
  int notReached;
  int shareNotTaken;
  long lastCheckpoint;

  /** It failed in a way that does not end the watch. */
  volatile boolean askedOn;

  /** The severest level that others were told of since it was good; -1 for none. */
  int told = -1;

  /** It failed, and that could not be written down yet. */
  boolean unwritten;

  /** How the routes of agents that come to us see it. */
  private final AtomicReference<@Nullable PushNode> pushed = new AtomicReference<>();

  /** It has come further than was written down. */
  boolean progressed;

  Node(
      Enrolment enrolment,
      Optional<Endpoint> endpoint,
      Optional<KeyShare> share,
      Optional<RevocationKey> revocationKey,
      NodeState state,
      ApiVersion version,
      History history,
      Optional<PayloadKey> payloadKey) {
    this.enrolment = enrolment;
    this.endpoint = endpoint;
    this.share = share;
    this.revocationKey = revocationKey;
    this.state = state;
    this.version = version;
    this.history = history;
    this.payloadKey = payloadKey;
  }

  /**
   * This node judged by other criteria from here on. A failure that was not written yet is found
   * again under the new ones.
   */
  Node judgedBy(Enrolment other) {
    NodeState now = unwritten ? state.in(OperationalState.START) : state;
    Node next = new Node(other, endpoint, share, revocationKey, now, version, history, payloadKey);
    next.askedOn = askedOn;
    next.told = told;
    next.shareDelivered = shareDelivered;
    next.askForKey = askForKey;
    next.notReached = notReached;
    next.shareNotTaken = shareNotTaken;
    next.lastCheckpoint = lastCheckpoint;
    next.progressed = progressed;
    return next;
  }

  /** Whether it is not asked any more until its owner says so. */
  boolean isOver() {
    return state.isOver() && !askedOn;
  }

  AgentId id() {
    return enrolment.id();
  }

  /** A path of the node below its version. */
  String path(String rest) {
    return "/" + version.segment() + "/" + rest;
  }

  /** Where it is spoken to. */
  Endpoint address() {
    return endpoint.orElseThrow();
  }

  /** Of a node that comes to us: the same object each time. */
  PushNode pushed(Function<Node, PushNode> first) {
    PushNode known = pushed.get();
    if (known == null) {
      PushNode fresh = first.apply(this);
      known = pushed.compareAndSet(null, fresh) ? fresh : pushed.get();
    }
    return Objects.requireNonNull(known);
  }

  OperationalState operational() {
    return state.state();
  }
}
