package dev.keystead.control.verifier;

import dev.keystead.control.ledger.Entry;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.control.ledger.Ledger;
import dev.keystead.control.revocation.Notice;
import dev.keystead.control.revocation.Notices;
import dev.keystead.control.store.Store;
import dev.keystead.control.verifier.NamedPolicy.Kind;
import dev.keystead.evidence.json.Json;
import dev.keystead.http.HttpRefusal;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.revocation.Revocation;
import dev.keystead.keylime.revocation.SignedRevocation;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.tpm.structure.HashAlg;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Writes what was decided of a node, each decision in one transaction with its ledger entry and
 * with the notices that follow from it. Whoever returns from here may act; an exception means that
 * nothing was decided.
 */
final class Decisions {
  private final Store store;
  private final Ledger ledger;
  private final Notices notices;
  private final boolean tellAgents;
  private final Duration noticeLife;
  private final InstantSource clock;

  /**
   * Decisions in a store.
   *
   * @param tellAgents whether agents are told of the failures of others
   */
  Decisions(
      Store store,
      Ledger ledger,
      Notices notices,
      boolean tellAgents,
      Duration noticeLife,
      InstantSource clock) {
    this.store = store;
    this.ledger = ledger;
    this.notices = notices;
    this.tellAgents = tellAgents;
    this.noticeLife = noticeLife;
    this.clock = clock;
  }

  /** The owner puts a node under watch; false when it is already. */
  boolean enrol(Enrolment enrolment, VerifierAgentAdd add, PolicyChoice choice) {
    AgentId id = enrolment.id();
    Json.Obj body =
        Json.object()
            .put("contact", enrolment.contact().authority())
            .put("ak", enrolment.ak().name().hex())
            .put("mask", enrolment.mask().toString())
            .put("files", enrolment.policy().files().isPresent())
            .put("boot", enrolment.policy().boot().isPresent())
            .build();
    return store.write(transaction -> {
      if (!Nodes.insert(
          transaction, id, add, NodeState.start(enrolment), choice.runtime(), choice.boot())) {
        return false;
      }
      for (NamedPolicy policy : choice.fresh()) {
        if (!NamedPolicies.insert(transaction, policy)) {
          throw new IllegalStateException("a policy of this name has been kept meanwhile");
        }
      }
      if (tellAgents && !enrolment.isPush()) {
        notices.addRecipient(transaction, id.value());
      }
      ledger.append(transaction, EntryKind.ENROLLED, id.value(), body);
      return true;
    });
  }

  /** These agents are told of the failures of others from now on, if agents are at all. */
  void listAgents(List<AgentId> reachable) {
    store.write(transaction -> {
      for (AgentId id : reachable) {
        if (tellAgents) {
          notices.addRecipient(transaction, id.value());
        } else {
          notices.removeRecipient(transaction, id.value());
        }
      }
      return reachable;
    });
  }

  /** The owner takes a node from the watch; false when there is none. */
  boolean remove(AgentId id) {
    return store.write(transaction -> {
      List<Kind> own = new ArrayList<>();
      for (Kind kind : Kind.values()) {
        if (NamedPolicies.users(transaction, kind, id.value()).equals(List.of(id))) {
          own.add(kind);
        }
      }
      if (!Nodes.delete(transaction, id)) {
        return false;
      }
      for (Kind kind : own) {
        NamedPolicies.delete(transaction, kind, id.value());
      }
      notices.removeRecipient(transaction, id.value());
      ledger.append(transaction, EntryKind.REMOVED, id.value(), Json.object().build());
      return true;
    });
  }

  /** The owner gives a policy a name; false when it is taken. */
  boolean addPolicy(NamedPolicy policy) {
    return store.write(transaction -> {
      if (!NamedPolicies.insert(transaction, policy)) {
        return false;
      }
      ledger.append(transaction, EntryKind.POLICY_ADDED, "", body(policy));
      return true;
    });
  }

  /** The owner changes a policy; false when there is none of this name. */
  boolean changePolicy(NamedPolicy policy) {
    return store.write(transaction -> {
      if (!NamedPolicies.update(transaction, policy)) {
        return false;
      }
      ledger.append(transaction, EntryKind.POLICY_CHANGED, "", body(policy));
      return true;
    });
  }

  /**
   * The owner takes a policy away; false when there is none of this name.
   *
   * @throws HttpRefusal 409 when a node is judged by it
   */
  boolean deletePolicy(Kind kind, String name) {
    return store.write(transaction -> {
      int users = NamedPolicies.users(transaction, kind, name).size();
      if (users > 0) {
        throw new HttpRefusal(409, "%d agents are judged by this policy".formatted(users));
      }
      if (!NamedPolicies.delete(transaction, kind, name)) {
        return false;
      }
      Json.Obj body = Json.object().put("kind", kind.label()).put("name", name).build();
      ledger.append(transaction, EntryKind.POLICY_DELETED, "", body);
      return true;
    });
  }

  private static Json.Obj body(NamedPolicy policy) {
    return Json.object()
        .put("kind", policy.kind().label())
        .put("name", policy.name())
        .put("sha256", HexFormat.of().formatHex(HashAlg.SHA256.hash(policy.body())))
        .build();
  }

  /** The owner starts or stops the watch of a node; false when there is none. */
  boolean set(AgentId id, EntryKind kind, NodeState state) {
    return store.write(transaction -> {
      if (!Nodes.update(transaction, id, state, Optional.empty())) {
        return false;
      }
      ledger.append(transaction, kind, id.value(), Json.object().build());
      return true;
    });
  }

  /** A node is spoken to in this version from now on. */
  void speak(Node node, ApiVersion version) {
    store.write(transaction -> {
      if (!Nodes.speak(transaction, node.id(), version)) {
        throw new IllegalStateException("the node has been taken away");
      }
      return ledger.append(
          transaction,
          EntryKind.VERSION_CHANGED,
          node.id().value(),
          Json.object().put("from", node.version.toString()).put("to", version.toString()).build());
    });
  }

  /** A node is trusted. */
  void trusted(Node node, NodeState state) {
    Json.Obj body =
        Json.object()
            .put("imaEntries", node.history.nextImaEntry())
            .put("hash", state.hashAlg())
            .build();
    write(node, state, EntryKind.TRUSTED, body);
  }

  /** A node has its share. */
  void shareDelivered(Node node, NodeState state) {
    write(node, state, EntryKind.SHARE_DELIVERED, Json.object().build());
  }

  /** History of a node that is as trusted as before. */
  void checkpoint(Node node) {
    store.write(transaction -> update(transaction, node, node.state));
  }

  /** A node is trusted no more, and the others are to know. */
  void failed(Node node, NodeState state, Decision decision) {
    boolean unreachable = decision.status() == AttestationStatus.TIMEOUT;
    Json.Obj body =
        Json.object()
            .put("event", decision.event().id())
            .put("severity", decision.event().severity().label())
            .put("reasons", Json.strings(decision.reasons()))
            .put("state", state.state().number())
            .build();
    store.write(transaction -> {
      update(transaction, node, state);
      EntryKind kind = unreachable ? EntryKind.UNREACHABLE : EntryKind.FAILED;
      Entry entry = ledger.append(transaction, kind, node.id().value(), body);
      if (decision.tell()) {
        notices.add(transaction, notice(node, decision, unreachable, entry));
      }
      return entry;
    });
  }

  private Notice notice(Node node, Decision decision, boolean unreachable, Entry entry) {
    Instant at = Instant.ofEpochMilli(entry.time());
    Revocation message =
        new Revocation(
            unreachable ? Revocation.Type.COMM_ERROR : Revocation.Type.REVOCATION,
            node.id(),
            Optional.of(node.enrolment.contact()),
            node.enrolment.tpmPolicy().toText(),
            node.enrolment.metadata(),
            Revocation.asctime(at),
            Optional.of(decision.event()),
            Optional.of(new Revocation.Order(at, entry.seq())));
    return new Notice(
        entry.seq(),
        node.id(),
        SignedRevocation.of(message, node.revocationKey).toJson().toString(),
        clock.millis() + noticeLife.toMillis());
  }

  private void write(Node node, NodeState state, EntryKind kind, Json.Obj body) {
    store.write(transaction -> {
      update(transaction, node, state);
      return ledger.append(transaction, kind, node.id().value(), body);
    });
  }

  private static boolean update(Connection transaction, Node node, NodeState state)
      throws SQLException {
    if (!Nodes.update(
        transaction, node.id(), state, Optional.of(node.history.toJson().toString()))) {
      throw new IllegalStateException("the node has been taken away");
    }
    return true;
  }
}
