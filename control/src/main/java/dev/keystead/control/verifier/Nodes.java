package dev.keystead.control.verifier;

import dev.keystead.control.store.Store;
import dev.keystead.control.verifier.NamedPolicy.Kind;
import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.bootstrap.KeyShare;
import dev.keystead.keylime.revocation.RevocationKey;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.OperationalState;
import dev.keystead.keylime.verifier.Policies;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.keylime.verifier.VerifierAgentStatus.LastEvent;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Nodes under watch, as rows. */
final class Nodes {
  private final Store store;

  /**
   * A node as it was written last.
   *
   * @param enrolment what the owner sent, without share and revocation key, with its policies
   * @param version the version that it is spoken to in
   * @param history what was learned of it, in the form that the evidence room writes
   */
  record Row(
      AgentId id,
      VerifierAgentAdd enrolment,
      Optional<KeyShare> share,
      Optional<RevocationKey> revocationKey,
      NodeState state,
      ApiVersion version,
      Optional<String> history) {}

  Nodes(Store store) {
    this.store = store;
  }

  /** The ids of all nodes; they are loaded one by one, since a policy can be large. */
  List<AgentId> ids() {
    return store.read(connection -> {
      try (PreparedStatement select =
              connection.prepareStatement("SELECT agent_id FROM node ORDER BY agent_id");
          ResultSet row = select.executeQuery()) {
        List<AgentId> ids = new ArrayList<>();
        while (row.next()) {
          ids.add(AgentId.of(row.getString(1)));
        }
        return ids;
      }
    });
  }

  /** The names of the policies of a kind. */
  List<String> policyNames(Kind kind) {
    return store.read(connection -> NamedPolicies.names(connection, kind));
  }

  /** The policy of a name. */
  Optional<NamedPolicy> policy(Kind kind, String name) {
    return store.read(connection -> NamedPolicies.find(connection, kind, name));
  }

  /** The nodes that are judged by a policy. */
  List<AgentId> judgedBy(Kind kind, String name) {
    return store.read(connection -> NamedPolicies.users(connection, kind, name));
  }

  Optional<Row> find(AgentId id) {
    return store.read(connection -> find(connection, id));
  }

  private static Optional<Row> find(Connection connection, AgentId id) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT enrolment, share, revocation_key, history, state, status, event, severity,"
                + " reason, attestations, last_received, last_passed, hash_alg, enc_alg, sign_alg,"
                + " payload_key, runtime_policy, boot_policy, agent_version FROM node"
                + " WHERE agent_id = ?")) {
      select.setString(1, id.value());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(row(connection, id, row)) : Optional.empty();
      }
    }
  }

  private static Row row(Connection connection, AgentId id, ResultSet row) throws SQLException {
    VerifierAgentAdd add =
        VerifierAgentAdd.parse(Json.parse(row.getString(1), VerifierAgentAdd.LIMITS));
    Policies policies = add.policies();
    @Nullable String runtime = row.getString(17);
    if (runtime != null) {
      NamedPolicy named = named(connection, Kind.RUNTIME, runtime);
      policies = policies.ofRuntime(named.body(), named.signer());
    }
    @Nullable String boot = row.getString(18);
    if (boot != null) {
      NamedPolicy named = named(connection, Kind.BOOT, boot);
      policies = policies.ofBoot(new String(named.body(), StandardCharsets.UTF_8));
    }
    @Nullable String version = row.getString(19);
    return new Row(
        id,
        add.with(policies),
        Optional.ofNullable(row.getBytes(2)).map(KeyShare::adopt),
        Optional.ofNullable(row.getString(3)).map(RevocationKey::parse),
        state(row),
        version == null ? add.version() : ApiVersion.parse(version),
        Optional.ofNullable(row.getString(4)));
  }

  private static NamedPolicy named(Connection connection, Kind kind, String name)
      throws SQLException {
    return NamedPolicies.find(connection, kind, name)
        .orElseThrow(
            () -> new IllegalStateException("the %s policy %s is missing".formatted(kind, name)));
  }

  private static NodeState state(ResultSet row) throws SQLException {
    @Nullable String event = row.getString(7);
    @Nullable String severity = row.getString(8);
    Optional<LastEvent> last =
        event == null || severity == null
            ? Optional.empty()
            : Optional.of(NodeState.event(event, severity));
    return new NodeState(
        OperationalState.of(row.getInt(5)),
        AttestationStatus.parse(row.getString(6)),
        last,
        Optional.ofNullable(row.getString(9)),
        row.getLong(10),
        row.getLong(11),
        row.getLong(12),
        row.getString(13),
        row.getString(14),
        row.getString(15),
        Optional.ofNullable(row.getString(16)));
  }

  /** Adds a node; false when there is one of this id. */
  static boolean insert(
      Connection transaction,
      AgentId id,
      VerifierAgentAdd add,
      NodeState start,
      Optional<String> runtime,
      Optional<String> boot)
      throws SQLException {
    if (find(transaction, id).isPresent()) {
      return false;
    }
    VerifierAgentAdd bare =
        new VerifierAgentAdd(
            Optional.empty(),
            add.contact(),
            add.policies().withoutBodies(),
            add.metadata(),
            Optional.empty(),
            add.accept(),
            add.ak(),
            add.mtlsCert(),
            add.version(),
            add.verifier());
    try (PreparedStatement insert =
        transaction.prepareStatement(
            "INSERT INTO node (agent_id, enrolment, share, revocation_key, state, status,"
                + " attestations, last_received, last_passed, hash_alg, enc_alg, sign_alg,"
                + " runtime_policy, boot_policy)"
                + " VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, '', '', '', ?, ?)")) {
      insert.setString(1, id.value());
      insert.setString(2, bare.toJson().toString());
      insert.setBytes(3, add.v().map(KeyShare::copy).orElse(null));
      insert.setString(4, add.revocationKey().map(RevocationKey::pem).orElse(null));
      insert.setInt(5, start.state().number());
      insert.setString(6, start.status().name());
      insert.setString(7, runtime.orElse(null));
      insert.setString(8, boot.orElse(null));
      insert.executeUpdate();
    }
    return true;
  }

  /** Writes what is known of a node now; false when it has been taken away. */
  static boolean update(
      Connection transaction, AgentId id, NodeState state, Optional<String> history)
      throws SQLException {
    try (PreparedStatement update =
        transaction.prepareStatement(
            "UPDATE node SET state = ?, status = ?, event = ?, severity = ?, reason = ?,"
                + " attestations = ?, last_received = ?, last_passed = ?, hash_alg = ?,"
                + " enc_alg = ?, sign_alg = ?, payload_key = ?, history = ? WHERE agent_id = ?")) {
      update.setInt(1, state.state().number());
      update.setString(2, state.status().name());
      update.setString(3, state.event().map(LastEvent::id).orElse(null));
      update.setString(
          4,
          state.event().map(e -> e.severity().level() + " " + e.severity().label()).orElse(null));
      update.setString(5, state.reason().orElse(null));
      update.setLong(6, state.attestations());
      update.setLong(7, state.lastReceived());
      update.setLong(8, state.lastPassed());
      update.setString(9, state.hashAlg());
      update.setString(10, state.encAlg());
      update.setString(11, state.signAlg());
      update.setString(12, state.payloadKey().orElse(null));
      update.setString(13, history.orElse(null));
      update.setString(14, id.value());
      return update.executeUpdate() == 1;
    }
  }

  /** Writes the version that a node is spoken to in; false when it has been taken away. */
  static boolean speak(Connection transaction, AgentId id, ApiVersion version) throws SQLException {
    try (PreparedStatement update =
        transaction.prepareStatement("UPDATE node SET agent_version = ? WHERE agent_id = ?")) {
      update.setString(1, version.toString());
      update.setString(2, id.value());
      return update.executeUpdate() == 1;
    }
  }

  /** Takes a node away; false when there is none. */
  static boolean delete(Connection transaction, AgentId id) throws SQLException {
    try (PreparedStatement delete =
        transaction.prepareStatement("DELETE FROM node WHERE agent_id = ?")) {
      delete.setString(1, id.value());
      return delete.executeUpdate() == 1;
    }
  }
}
