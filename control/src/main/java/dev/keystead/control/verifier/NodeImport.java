package dev.keystead.control.verifier;

import dev.keystead.control.ledger.EntryKind;
import dev.keystead.control.ledger.Ledger;
import dev.keystead.control.revocation.Notices;
import dev.keystead.control.store.Store;
import dev.keystead.control.verifier.NamedPolicy.Kind;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.OperationalState;
import dev.keystead.keylime.verifier.Policies;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.keylime.verifier.VerifierAgentStatus.LastEvent;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Nodes that another verifier has watched, with its policies. What it decided against a node
 * stands; a node that it trusted has to prove itself again, from the beginning, and keeps its
 * share.
 */
public final class NodeImport {
  private final Nodes nodes;
  private final Decisions decisions;

  /**
   * How a node stood with the other verifier.
   *
   * @param event what made it untrusted
   * @param attestations how many were good
   * @param lastReceived when evidence came last, in milliseconds since 1970, 0 for never
   * @param lastPassed when good evidence came last, likewise
   */
  public record Standing(
      OperationalState state,
      Optional<LastEvent> event,
      long attestations,
      long lastReceived,
      long lastPassed) {

    private NodeState start() {
      boolean over = isOver();
      return new NodeState(
          over ? state : OperationalState.START,
          over ? AttestationStatus.FAIL : AttestationStatus.PENDING,
          over ? event : Optional.empty(),
          over
              ? Optional.of("so it stood with the verifier that it was taken over from")
              : Optional.empty(),
          attestations,
          lastReceived,
          lastPassed,
          "",
          "",
          "",
          Optional.empty());
    }

    /** Whether the other verifier did not ask the node any more. */
    public boolean isOver() {
      return switch (state) {
        case FAILED, INVALID_QUOTE, TENANT_FAILED, TERMINATED -> true;
        case REGISTERED, START, SAVED, GET_QUOTE, GET_QUOTE_RETRY, PROVIDE_V, PROVIDE_V_RETRY ->
            false;
      };
    }
  }

  /** Writes into {@code store}, which no verifier uses meanwhile. */
  public NodeImport(Store store, InstantSource clock) {
    Ledger ledger = new Ledger(store, clock);
    nodes = new Nodes(store);
    decisions =
        new Decisions(
            store, ledger, new Notices(store, ledger), true, Timing.DEFAULT.noticeLife(), clock);
  }

  /**
   * Looks at a policy for files.
   *
   * @throws EvidenceException with POLICY_UNUSABLE
   */
  public static void checkRuntimePolicy(byte[] json) {
    var _ = Criteria.files(json, Optional.empty(), Optional.empty());
  }

  /**
   * Looks at a policy for the boot.
   *
   * @throws EvidenceException with POLICY_UNUSABLE
   */
  public static void checkBootPolicy(String json) {
    var _ = Criteria.boot(json);
  }

  /**
   * Looks at a node, with the policies themselves and not their names.
   *
   * @throws dev.keystead.keylime.WireException with what cannot be used
   * @throws EvidenceException likewise
   */
  public static void check(AgentId id, VerifierAgentAdd whole) {
    var _ = Enrolment.of(id, whole);
  }

  /** Keeps a policy for files. */
  public void runtimePolicy(String name, byte[] json) {
    keep(new NamedPolicy(Kind.RUNTIME, name, json, Optional.empty()));
  }

  /** Keeps a policy for the boot. */
  public void bootPolicy(String name, String json) {
    keep(new NamedPolicy(Kind.BOOT, name, json.getBytes(StandardCharsets.UTF_8), Optional.empty()));
  }

  private void keep(NamedPolicy policy) {
    if (!decisions.addPolicy(policy)) {
      throw new IllegalStateException("the policy " + policy.name() + " is kept already");
    }
  }

  /**
   * Puts a node under watch as it stood.
   *
   * @param add with the names of policies that are kept already
   */
  public void take(AgentId id, VerifierAgentAdd add, Standing standing) {
    Policies named = add.policies();
    PolicyChoice choice = PolicyChoice.of(id, named, nodes::policy);
    Enrolment enrolment = Enrolment.of(id, add.with(choice.policies()));
    if (!decisions.enrol(enrolment, add, choice)
        || !decisions.set(id, EntryKind.TAKEN_OVER, standing.start())) {
      throw new IllegalStateException("the node " + id + " is watched already");
    }
  }

  /** All that are watched. */
  public List<AgentId> ids() {
    return nodes.ids();
  }

  /** Those among them that are not trusted, whoever found that out. */
  public List<AgentId> failed() {
    return nodes.ids().stream()
        .filter(id -> nodes.find(id).orElseThrow().state().isOver())
        .toList();
  }
}
