package dev.keystead.control.revocation;

import dev.keystead.control.ledger.EntryKind;
import dev.keystead.control.ledger.Ledger;
import dev.keystead.control.store.Store;
import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be told and who has been told: a list of notices, each written in the transaction of
 * its decision, and for each recipient the place up to which it was told. A notice that was
 * delivered when the process died is delivered again, never left out.
 */
public final class Notices {
  private final Store store;
  private final Ledger ledger;

  /** Where a recipient stands after a delivery, or after giving one up. */
  record Told(String recipient, Notice notice, boolean delivered) {}

  /** The notices of this store. */
  public Notices(Store store, Ledger ledger) {
    this.store = store;
    this.ledger = ledger;
  }

  /** Adds a notice within the transaction of its decision. */
  public void add(Connection transaction, Notice notice) throws SQLException {
    try (PreparedStatement insert =
        transaction.prepareStatement("INSERT INTO notice VALUES (?, ?, ?, ?)")) {
      insert.setLong(1, notice.seq());
      insert.setString(2, notice.subject().value());
      insert.setString(3, notice.body());
      insert.setLong(4, notice.expires());
      insert.executeUpdate();
    }
  }

  /** From here on this recipient is told; of what was decided before it is not. */
  public void addRecipient(Connection transaction, String name) throws SQLException {
    try (PreparedStatement insert =
        transaction.prepareStatement(
            "INSERT INTO recipient SELECT ?, coalesce(max(seq), 0) FROM ledger WHERE true"
                + " ON CONFLICT (name) DO NOTHING")) {
      insert.setString(1, name);
      insert.executeUpdate();
    }
  }

  /** This recipient is told no more. */
  public void removeRecipient(Connection transaction, String name) throws SQLException {
    try (PreparedStatement delete =
        transaction.prepareStatement("DELETE FROM recipient WHERE name = ?")) {
      delete.setString(1, name);
      delete.executeUpdate();
    }
  }

  /** The names of all recipients. */
  List<String> recipients() {
    return store.read(connection -> {
      try (PreparedStatement select =
              connection.prepareStatement("SELECT name FROM recipient ORDER BY name");
          ResultSet row = select.executeQuery()) {
        List<String> names = new ArrayList<>();
        while (row.next()) {
          names.add(row.getString(1));
        }
        return names;
      }
    });
  }

  /** The first notice after {@code seq}, and after what it was told, that a recipient is owed. */
  Optional<Notice> next(String recipient, long seq) {
    return store.read(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT n.seq, n.subject, n.body, n.expires FROM notice n, recipient r"
                  + " WHERE r.name = ? AND n.seq > r.told AND n.seq > ? AND n.subject <> r.name"
                  + " ORDER BY n.seq LIMIT 1")) {
        select.setString(1, recipient);
        select.setLong(2, seq);
        try (ResultSet row = select.executeQuery()) {
          return row.next()
              ? Optional.of(
                  new Notice(
                      row.getLong(1),
                      AgentId.of(row.getString(2)),
                      row.getString(3),
                      row.getLong(4)))
              : Optional.empty();
        }
      }
    });
  }

  /** Records who has been told what, in one transaction; what nobody is owed any more goes. */
  void record(Collection<Told> all) {
    Map<String, Long> upTo = new LinkedHashMap<>();
    all.forEach(told -> upTo.merge(told.recipient(), told.notice().seq(), Math::max));
    store.write(transaction -> {
      try (PreparedStatement update =
          transaction.prepareStatement(
              "UPDATE recipient SET told = ? WHERE name = ? AND told < ?")) {
        for (Map.Entry<String, Long> each : upTo.entrySet()) {
          update.setLong(1, each.getValue());
          update.setString(2, each.getKey());
          update.setLong(3, each.getValue());
          update.addBatch();
        }
        update.executeBatch();
      }
      for (Told told : all) {
        if (!told.delivered()) {
          expired(transaction, told);
        }
      }
      try (PreparedStatement delete =
          transaction.prepareStatement(
              "DELETE FROM notice WHERE seq <= (SELECT min(told) FROM recipient)")) {
        return delete.executeUpdate();
      }
    });
  }

  private void expired(Connection transaction, Told told) throws SQLException {
    ledger.append(
        transaction,
        EntryKind.NOTICE_EXPIRED,
        told.notice().subject().value(),
        Json.object()
            .put("decision", told.notice().seq())
            .put("recipient", told.recipient())
            .build());
  }
}
