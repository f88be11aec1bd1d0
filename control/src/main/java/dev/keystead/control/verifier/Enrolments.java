package dev.keystead.control.verifier;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.control.verifier.NamedPolicy.Kind;
import dev.keystead.evidence.History;
import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.verifier.OperationalState;
import dev.keystead.keylime.verifier.Policies;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    List<Node> all = new ArrayList<>();
    for (AgentId id : nodes.ids()) {
      all.add(resumed(nodes.find(id).orElseThrow()));
    }
    decisions.listAgents(
        all.stream().filter(node -> !node.enrolment.isPush()).map(Node::id).toList());
    all.forEach(node -> watch.start(node, spread(node.id())));
  }

  /** One that comes to us just goes on. */
  private Node resumed(Nodes.Row row) {
    Node node = node(row, row.state());
    if (!node.enrolment.isPush() && !row.state().isOver()) {
      node.state = row.state().in(OperationalState.START);
    }
    return node;
  }

  private Duration spread(AgentId id) {
    long interval = config.timing().interval().toMillis();
    return Duration.ofMillis(Math.floorMod(id.hashCode() * 0x9e3779b97f4a7c15L, interval));
  }

  /** Puts a node under watch; false when it is already. */
  synchronized boolean enrol(AgentId id, VerifierAgentAdd add) {
    PolicyChoice choice = PolicyChoice.of(id, add.policies(), nodes::policy);
    Enrolment enrolment = Enrolment.of(id, add.with(choice.policies()));
    if (!decisions.enrol(enrolment, add, choice)) {
      return false;
    }
    config.events().accept(new ControlEvent.Enrolled(config.clock().instant(), id));
    watch.start(
        new Node(
            enrolment,
            enrolment.endpoint(client),
            add.v(),
            add.revocationKey(),
            NodeState.start(enrolment),
            enrolment.version(),
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
    Optional<Node> node = watch.find(id);
    return node.isPresent()
        && restart(id, EntryKind.REACTIVATED, NodeState.start(node.get().enrolment));
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

  List<String> policyNames(Kind kind) {
    return nodes.policyNames(kind);
  }

  Optional<NamedPolicy> policy(Kind kind, String name) {
    return nodes.policy(kind, name);
  }

  /**
   * Keeps a policy under its name; false when it is taken.
   *
   * @throws dev.keystead.evidence.EvidenceException when it cannot be used
   */
  synchronized boolean addPolicy(NamedPolicy policy) {
    requireUsable(policy);
    return decisions.addPolicy(policy);
  }

  /**
   * Changes a policy, and has the nodes that use it judged anew by it; false when there is none of
   * this name.
   *
   * @throws dev.keystead.evidence.EvidenceException when it, or it for one of them, cannot be used
   */
  synchronized boolean changePolicy(NamedPolicy policy) {
    requireUsable(policy);
    Map<AgentId, Enrolment> changed = new LinkedHashMap<>();
    for (AgentId id : nodes.judgedBy(policy.kind(), policy.name())) {
      VerifierAgentAdd add = nodes.find(id).orElseThrow().enrolment();
      Policies policies =
          switch (policy.kind()) {
            case RUNTIME -> add.policies().ofRuntime(policy.body(), policy.signer());
            case BOOT -> add.policies().ofBoot(new String(policy.body(), StandardCharsets.UTF_8));
          };
      changed.put(id, Enrolment.of(id, add.with(policies)));
    }
    if (!decisions.changePolicy(policy)) {
      return false;
    }
    changed.forEach((id, enrolment) -> watch.replace(id, node -> node.judgedBy(enrolment)));
    return true;
  }

  /**
   * Takes a policy away; false when there is none of this name.
   *
   * @throws dev.keystead.http.HttpRefusal 409 when a node is judged by it
   */
  synchronized boolean deletePolicy(Kind kind, String name) {
    return decisions.deletePolicy(kind, name);
  }

  private static void requireUsable(NamedPolicy policy) {
    var _ =
        switch (policy.kind()) {
          case RUNTIME -> Criteria.files(policy.body(), policy.signer(), Optional.empty());
          case BOOT -> Criteria.boot(new String(policy.body(), StandardCharsets.UTF_8));
        };
  }

  private Node node(Nodes.Row row, NodeState state) {
    Enrolment enrolment = Enrolment.of(row.id(), row.enrolment());
    return new Node(
        enrolment,
        enrolment.endpoint(client),
        row.share(),
        row.revocationKey(),
        state,
        row.version(),
        row.history()
            .map(text -> new Field("history", Json.parse(text, HISTORY)).object())
            .map(History::fromJson)
            .orElseGet(() -> History.start(enrolment.policy().revision())),
        state.payloadKey().map(PayloadKey::parse));
  }
}
