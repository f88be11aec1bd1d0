package dev.keystead.control.migration;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A database of Keylime's, opened for reading only. What is read in one connection is one state.
 *
 * @param shown what the operator knows it by, without a password
 * @param source makes connections
 */
public record SourceDatabase(String shown, DataSource source) {
  private static final Pattern POSTGRESQL =
      Pattern.compile(
          "postgresql(?:\\+[a-z0-9_]+)?://(?:([^:@/]*)(?::([^@/]*))?@)?"
              + "([^:@/?]+|\\[[0-9A-Fa-f:]+])(?::([0-9]{1,5}))?/([^?]+)(?:\\?.*)?");

  /**
   * Finds the database that {@code database_url} means: {@code sqlite}, a URL of SQLite with a
   * path, or one of PostgreSQL.
   *
   * @throws MigrationException for a file that is not there and every other kind of database
   */
  static SourceDatabase of(String url, Path work, String usualFile) {
    if (url.equals("sqlite")) {
      return sqlite(work.resolve(usualFile));
    }
    if (url.startsWith("sqlite:///")) {
      return sqlite(work.resolve(url.substring("sqlite:///".length())));
    }
    Matcher postgresql = POSTGRESQL.matcher(url);
    if (postgresql.matches()) {
      return postgresql(postgresql);
    }
    String kind = url.replaceFirst(":.*", "");
    throw new MigrationException("a database of the kind " + kind + " cannot be read");
  }

  private static SourceDatabase sqlite(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new MigrationException("there is no database " + file);
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    return new SourceDatabase(file.toString(), source);
  }

  private static SourceDatabase postgresql(Matcher url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    String host = url.group(3);
    source.setServerNames(new String[] {host});
    source.setPortNumbers(new int[] {url.group(4) == null ? 5432 : Integer.parseInt(url.group(4))});
    source.setDatabaseName(decoded(url.group(5)));
    Optional.ofNullable(url.group(1)).ifPresent(user -> source.setUser(decoded(user)));
    Optional.ofNullable(url.group(2)).ifPresent(word -> source.setPassword(decoded(word)));
    source.setReadOnly(true);
    return new SourceDatabase("PostgreSQL %s at %s".formatted(url.group(5), host), source);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** A connection that cannot write, within one transaction. */
  Connection open() throws SQLException {
    Connection connection = source.getConnection();
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
    if (source instanceof PGSimpleDataSource) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    }
    return connection;
  }
}
