package dev.keystead.control.verifier;

import dev.keystead.control.verifier.NamedPolicy.Kind;
import dev.keystead.keylime.AgentId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Policies by name, as rows; each method within the caller's transaction. */
final class NamedPolicies {
  private NamedPolicies() {}

  static List<String> names(Connection connection, Kind kind) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT name FROM policy WHERE kind = ? ORDER BY name")) {
      select.setString(1, kind.label());
      return texts(select);
    }
  }

  static Optional<NamedPolicy> find(Connection connection, Kind kind, String name)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT body, signer FROM policy WHERE kind = ? AND name = ?")) {
      select.setString(1, kind.label());
      select.setString(2, name);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(
                new NamedPolicy(kind, name, row.getBytes(1), Optional.ofNullable(row.getString(2))))
            : Optional.empty();
      }
    }
  }

  /** Adds a policy; false when there is one of this name. */
  static boolean insert(Connection transaction, NamedPolicy policy) throws SQLException {
    try (PreparedStatement insert =
        transaction.prepareStatement(
            "INSERT INTO policy (kind, name, body, signer) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (kind, name) DO NOTHING")) {
      insert.setString(1, policy.kind().label());
      insert.setString(2, policy.name());
      insert.setBytes(3, policy.body());
      insert.setString(4, policy.signer().orElse(null));
      return insert.executeUpdate() == 1;
    }
  }

  /** Changes a policy; false when there is none of this name. */
  static boolean update(Connection transaction, NamedPolicy policy) throws SQLException {
    try (PreparedStatement update =
        transaction.prepareStatement(
            "UPDATE policy SET body = ?, signer = ? WHERE kind = ? AND name = ?")) {
      update.setBytes(1, policy.body());
      update.setString(2, policy.signer().orElse(null));
      update.setString(3, policy.kind().label());
      update.setString(4, policy.name());
      return update.executeUpdate() == 1;
    }
  }

  /** Takes a policy away; false when there is none of this name. */
  static boolean delete(Connection transaction, Kind kind, String name) throws SQLException {
    try (PreparedStatement delete =
        transaction.prepareStatement("DELETE FROM policy WHERE kind = ? AND name = ?")) {
      delete.setString(1, kind.label());
      delete.setString(2, name);
      return delete.executeUpdate() == 1;
    }
  }

  /** The nodes that are judged by a policy. */
  static List<AgentId> users(Connection connection, Kind kind, String name) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT agent_id FROM node WHERE " + kind.column() + " = ? ORDER BY agent_id")) {
      select.setString(1, name);
      return texts(select).stream().map(AgentId::of).toList();
    }
  }

  private static List<String> texts(PreparedStatement select) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        texts.add(row.getString(1));
      }
    }
    return texts;
  }
}
