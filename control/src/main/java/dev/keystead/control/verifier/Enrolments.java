package dev.keystead.control.verifier;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.evidence.History;
import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.verifier.OperationalState;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the owner does with nodes: each change is decided and written first, then the watch follows
 * it. One change at a time.
 */
final class Enrolments {
  private static final Limits HISTORY = Limits.WIRE;

  private final Nodes nodes;
  private final Decisions decisions;
  private final Watch watch;
  private final TlsIdentity client;
  private final VerifierConfig config;

  Enrolments(Nodes nodes, Decisions decisions, Watch watch, VerifierConfig config) {
    this.nodes = nodes;
    this.decisions = decisions;
    this.watch = watch;
    this.client = config.client();
    this.config = config;
  }

  String verifierId() {
    return config.id();
  }

  List<AgentId> ids() {
    return watch.all().stream().map(Node::id).toList();
  }

  Optional<VerifierAgentStatus> status(AgentId id) {
    return watch
        .find(id)
        .map(node -> StatusReport.of(node, config.id(), config.timing(), config.clock().millis()));
  }

  /** Watches every node that was watched before, spread over one interval. */
  synchronized void resume() {
    for (AgentId id : nodes.ids()) {
      Nodes.Row row = nodes.find(id).orElseThrow();
      NodeState state = row.state().isOver() ? row.state() : row.state().in(OperationalState.START);
      watch.start(node(row, state), spread(id));
    }
  }

  private Duration spread(AgentId id) {
    long interval = config.timing().interval().toMillis();
    return Duration.ofMillis(Math.floorMod(id.hashCode() * 0x9e3779b97f4a7c15L, interval));
  }

  /** Puts a node under watch; false when it is already. */
  synchronized boolean enrol(AgentId id, VerifierAgentAdd add) {
    Enrolment enrolment = Enrolment.of(id, add);
    if (!decisions.enrol(enrolment, add)) {
      return false;
    }
    config.events().accept(new ControlEvent.Enrolled(config.clock().instant(), id));
    watch.start(
        new Node(
            enrolment,
            enrolment.endpoint(client),
            add.v(),
            add.revocationKey(),
            NodeState.START,
            History.start(enrolment.policy().revision()),
            Optional.empty()),
        Duration.ZERO);
    return true;
  }

  /** Takes a node from the watch; false when there is none. */
  synchronized boolean remove(AgentId id) {
    if (!decisions.remove(id)) {
      return false;
    }
    watch.stop(id);
    config.events().accept(new ControlEvent.Removed(config.clock().instant(), id));
    return true;
  }

  /** Gives a node another chance, from the beginning; false when there is none. */
  synchronized boolean reactivate(AgentId id) {
    return restart(id, EntryKind.REACTIVATED, NodeState.START);
  }

  /** Ends the watch of a node until it is reactivated; false when there is none. */
  synchronized boolean stop(AgentId id) {
    Optional<Node> node = watch.find(id);
    return node.isPresent() && restart(id, EntryKind.STOPPED, node.get().state.stopped());
  }

  private boolean restart(AgentId id, EntryKind kind, NodeState state) {
    if (!decisions.set(id, kind, state)) {
      return false;
    }
    Nodes.Row row = nodes.find(id).orElseThrow();
    OperationalState from =
        watch.find(id).map(Node::operational).orElse(OperationalState.REGISTERED);
    watch.start(node(row, row.state()), Duration.ZERO);
    config
        .events()
        .accept(new ControlEvent.StateChanged(config.clock().instant(), id, from, state.state()));
    return true;
  }

  private Node node(Nodes.Row row, NodeState state) {
    Enrolment enrolment = Enrolment.of(row.id(), row.enrolment());
    return new Node(
        enrolment,
        enrolment.endpoint(client),
        row.share(),
        row.revocationKey(),
        state,
        row.history()
            .map(text -> new Field("history", Json.parse(text, HISTORY)).object())
            .map(History::fromJson)
            .orElseGet(() -> History.start(enrolment.policy().revision())),
        state.payloadKey().map(PayloadKey::parse));
  }
}
