package dev.keystead.control.ledger;

import dev.keystead.control.store.Store;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Append-only list of decisions, each hashed together with the one before. An entry is written in
 * the transaction of the change that it records; before that transaction is durable nobody acts on
 * the decision.
 */
public final class Ledger {
  static final Limits BODY = Limits.WIRE;
  private static final int PAGE = 1000;

  private final Store store;
  private final InstantSource clock;

  /** The ledger of this store. */
  public Ledger(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Appends within the caller's transaction.
   *
   * @param subject the agent's id, or empty
   */
  public Entry append(Connection transaction, EntryKind kind, String subject, Json.Obj body)
      throws SQLException {
    Head head = head(transaction);
    Entry entry =
        new Entry(head.seq() + 1, clock.millis(), kind, subject, body.toString(), head.hash());
    try (PreparedStatement insert =
        transaction.prepareStatement("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      insert.setLong(1, entry.seq());
      insert.setLong(2, entry.time());
      insert.setString(3, kind.label());
      insert.setString(4, subject);
      insert.setString(5, entry.body());
      insert.setBytes(6, entry.previous());
      insert.setBytes(7, entry.hash());
      insert.executeUpdate();
    }
    return entry;
  }

  /** The newest entry's place and hash. */
  public Head head() {
    return store.read(Ledger::head);
  }

  private static Head head(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1");
        ResultSet row = select.executeQuery()) {
      return row.next() ? new Head(row.getLong(1), row.getBytes(2)) : Head.EMPTY;
    }
  }

  /** At most {@code limit} entries with a seq larger than {@code after}, oldest first. */
  public List<Entry> entries(long after, int limit) {
    return store.read(connection -> rows(connection, after, limit)).stream()
        .map(Row::entry)
        .toList();
  }

  /**
   * Walks the whole chain.
   *
   * @return the head that was reached
   * @throws LedgerException that names the first entry that is missing, out of order or changed
   */
  public Head verify() {
    Head head = Head.EMPTY;
    while (true) {
      long after = head.seq();
      List<Row> page = store.read(connection -> rows(connection, after, PAGE));
      for (Row row : page) {
        head = row.check(head);
      }
      if (page.size() < PAGE) {
        return head;
      }
    }
  }

  private record Row(Entry entry, byte[] hash) {
    Head check(Head before) {
      if (entry.seq() != before.seq() + 1) {
        throw new LedgerException(before.seq() + 1, "is missing");
      }
      if (!entry.follows(before)) {
        throw new LedgerException(entry.seq(), "does not follow the entry before it");
      }
      if (!Arrays.equals(hash, entry.hash())) {
        throw new LedgerException(entry.seq(), "has been changed");
      }
      return new Head(entry.seq(), hash);
    }
  }

  private static List<Row> rows(Connection connection, long after, int limit) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT seq, time, kind, subject, body, previous, hash FROM ledger"
                + " WHERE seq > ? ORDER BY seq LIMIT ?")) {
      select.setLong(1, after);
      select.setInt(2, limit);
      List<Row> rows = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          rows.add(row(row));
        }
      }
      return rows;
    }
  }

  private static Row row(ResultSet row) throws SQLException {
    long seq = row.getLong(1);
    EntryKind kind;
    try {
      kind = EntryKind.of(row.getString(3));
    } catch (IllegalArgumentException e) {
      throw new LedgerException(seq, "is of no known kind");
    }
    Entry entry =
        new Entry(seq, row.getLong(2), kind, row.getString(4), row.getString(5), row.getBytes(6));
    return new Row(entry, row.getBytes(7));
  }
}
