package dev.keystead.control.verifier;

import dev.keystead.control.store.Store;
import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.bootstrap.KeyShare;
import dev.keystead.keylime.revocation.RevocationKey;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.OperationalState;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.keylime.verifier.VerifierAgentStatus.LastEvent;
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
   * @param enrolment what the owner sent, without share and revocation key
   * @param history what was learned of it, in the form that the evidence room writes
   */
  record Row(
      AgentId id,
      VerifierAgentAdd enrolment,
      Optional<KeyShare> share,
      Optional<RevocationKey> revocationKey,
      NodeState state,
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

  Optional<Row> find(AgentId id) {
    return store.read(connection -> find(connection, id));
  }

  private static Optional<Row> find(Connection connection, AgentId id) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT enrolment, share, revocation_key, history, state, status, event, severity,"
                + " reason, attestations, last_received, last_passed, hash_alg, enc_alg, sign_alg,"
                + " payload_key FROM node WHERE agent_id = ?")) {
      select.setString(1, id.value());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(row(id, row)) : Optional.empty();
      }
    }
  }

  private static Row row(AgentId id, ResultSet row) throws SQLException {
    return new Row(
        id,
        VerifierAgentAdd.parse(Json.parse(row.getString(1), VerifierAgentAdd.LIMITS)),
        Optional.ofNullable(row.getBytes(2)).map(KeyShare::adopt),
        Optional.ofNullable(row.getString(3)).map(RevocationKey::parse),
        state(row),
        Optional.ofNullable(row.getString(4)));
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
  static boolean insert(Connection transaction, AgentId id, VerifierAgentAdd add)
      throws SQLException {
    if (find(transaction, id).isPresent()) {
      return false;
    }
    VerifierAgentAdd bare =
        new VerifierAgentAdd(
            Optional.empty(),
            add.contact(),
            add.policies(),
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
                + " attestations, last_received, last_passed, hash_alg, enc_alg, sign_alg)"
                + " VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, '', '', '')")) {
      insert.setString(1, id.value());
      insert.setString(2, bare.toJson().toString());
      insert.setBytes(3, add.v().map(KeyShare::copy).orElse(null));
      insert.setString(4, add.revocationKey().map(RevocationKey::pem).orElse(null));
      insert.setInt(5, NodeState.START.state().number());
      insert.setString(6, NodeState.START.status().name());
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
      update.setString(4, state.event().map(e -> e.severity().label()).orElse(null));
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

  /** Takes a node away; false when there is none. */
  static boolean delete(Connection transaction, AgentId id) throws SQLException {
    try (PreparedStatement delete =
        transaction.prepareStatement("DELETE FROM node WHERE agent_id = ?")) {
      delete.setString(1, id.value());
      return delete.executeUpdate() == 1;
    }
  }
}
