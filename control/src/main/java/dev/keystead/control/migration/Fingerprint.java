package dev.keystead.control.migration;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 over rows: the same when nothing in them has changed. */
final class Fingerprint {
  private final MessageDigest digest;

  Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  void add(Connection connection, List<String> tables) throws SQLException {
    for (String table : tables) {
      add(table.getBytes(StandardCharsets.UTF_8));
      SourceRow.each(
          connection,
          table,
          "1",
          row -> {
            add(new byte[0]);
            row.values()
                .forEach((column, value) -> {
                  add(column.getBytes(StandardCharsets.UTF_8));
                  add(value instanceof byte[] bytes ? bytes : text(value));
                });
          });
    }
  }

  private static byte[] text(Object value) {
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void add(byte[] bytes) {
    digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
    digest.update(bytes);
  }

  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
