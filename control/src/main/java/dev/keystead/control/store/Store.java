package dev.keystead.control.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * One SQLite database: WAL, synchronous=FULL, so that a transaction that has returned survives the
 * loss of power. All writes go through one connection, one after the other; reads see the last
 * committed state and do not wait for writes. The file is 0600 from its first byte, in a folder
 * that is made 0700; SQLite gives its -wal and -shm files the same mode.
 */
public final class Store implements AutoCloseable {
  private static final int BUSY_TIMEOUT_MILLIS = 10_000;
  // A strong reference: a level that is set on a logger nobody holds is forgotten.
  private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

  private final Connection writer;
  private final Connection reader;
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock reading = new ReentrantLock();

  /** What is done in one transaction. */
  @FunctionalInterface
  public interface Work<T> {
    /** Reads or writes through {@code connection}, without ending the transaction. */
    T in(Connection connection) throws SQLException;
  }

  private Store(Connection writer, Connection reader) {
    this.writer = writer;
    this.reader = reader;
  }

  /**
   * Opens the database, which is made and brought to the newest schema when needed.
   *
   * @throws StoreException also when the schema is newer than this program
   */
  public static Store open(Path file) {
    FLYWAY.setLevel(Level.WARNING);
    Path path = file.toAbsolutePath();
    try {
      create(path);
      SQLiteDataSource source = source(path);
      Flyway.configure()
          .dataSource(source)
          .locations("classpath:dev/keystead/control/store")
          .load()
          .migrate();
      Connection writer = source.getConnection();
      Connection reader = source.getConnection();
      return new Store(writer, reader);
    } catch (IOException | SQLException | FlywayException e) {
      throw new StoreException("cannot open " + path, e);
    }
  }

  private static void create(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rw-------");
    try {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(owner));
    } catch (FileAlreadyExistsException e) {
      Files.setPosixFilePermissions(file, owner);
    }
  }

  private static SQLiteDataSource source(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    // Rows hold shares and keys: what is deleted is overwritten.
    config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
    // A transaction takes the write lock at its start, so that what it read cannot change under it.
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  /**
   * Does {@code work} in one transaction and makes it durable. When it throws, nothing is written.
   */
  public <T> T write(Work<T> work) {
    writing.lock();
    try {
      writer.setAutoCommit(false);
      try {
        T result = work.in(writer);
        writer.commit();
        return result;
      } finally {
        // Undoes what was not committed, then gives the write lock back: setAutoCommit commits.
        writer.rollback();
        writer.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw new StoreException("cannot write", e);
    } finally {
      writing.unlock();
    }
  }

  /** Does {@code work}, which only reads: one statement sees one state. */
  public <T> T read(Work<T> work) {
    reading.lock();
    try {
      return work.in(reader);
    } catch (SQLException e) {
      throw new StoreException("cannot read", e);
    } finally {
      reading.unlock();
    }
  }

  /** Closes the database after what is under way. */
  @Override
  public void close() {
    writing.lock();
    reading.lock();
    try (writer;
        reader) {
      // Both are closed, the writer last.
    } catch (SQLException e) {
      throw new StoreException("cannot close", e);
    } finally {
      reading.unlock();
      writing.unlock();
    }
  }
}
