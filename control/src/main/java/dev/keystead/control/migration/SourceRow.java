package dev.keystead.control.migration;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.WireException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A row of one of Keylime's tables. Its tables have had more and fewer columns over time: one that
 * is not there is as one that holds nothing.
 */
record SourceRow(Map<String, Object> values) {
  /** What is done with a row. */
  interface Reader {
    void read(SourceRow row) throws SQLException;
  }

  /** Reads all rows of a table in the order of a column, one after the other. */
  static void each(Connection connection, String table, String order, Reader reader)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT * FROM " + table + " ORDER BY " + order)) {
      select.setFetchSize(16);
      each(select, reader);
    }
  }

  /** Reads the row with this number. */
  static Optional<SourceRow> find(Connection connection, String table, long id)
      throws SQLException {
    Map<Long, SourceRow> found = new TreeMap<>();
    try (PreparedStatement select =
        connection.prepareStatement("SELECT * FROM " + table + " WHERE id = ?")) {
      select.setLong(1, id);
      each(select, row -> found.put(id, row));
    }
    return Optional.ofNullable(found.get(id));
  }

  private static void each(PreparedStatement select, Reader reader) throws SQLException {
    try (ResultSet row = select.executeQuery()) {
      ResultSetMetaData columns = row.getMetaData();
      while (row.next()) {
        Map<String, Object> values = new TreeMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          Object value = row.getObject(i);
          if (value != null) {
            values.put(columns.getColumnLabel(i).toLowerCase(Locale.ROOT), value);
          }
        }
        reader.read(new SourceRow(values));
      }
    }
  }

  /** A text; empty ones are as none. */
  Optional<String> text(String column) {
    return Optional.ofNullable(values.get(column))
        .map(Object::toString)
        .filter(text -> !text.isEmpty());
  }

  /** A number. */
  Optional<Long> number(String column) {
    return switch (values.get(column)) {
      case null -> Optional.empty();
      case Number number -> Optional.of(number.longValue());
      case Boolean flag -> Optional.of(flag ? 1L : 0L);
      default -> throw WireException.malformed(column, "is not a number");
    };
  }

  /** Whether a flag is set. */
  boolean flag(String column) {
    return number(column).filter(value -> value != 0).isPresent();
  }

  /** A column that holds JSON. */
  Optional<Json> json(String column, Limits limits) {
    return text(column).map(text -> Json.parse(text, limits));
  }

  /** A column that holds JSON text, or JSON whose value is such a text. */
  Optional<String> jsonText(String column, Limits limits) {
    return json(column, limits)
        .map(json -> json instanceof Json.Str text ? text.value() : json.toString());
  }
}
