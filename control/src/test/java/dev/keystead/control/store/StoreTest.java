package dev.keystead.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  @TempDir Path folder;

  @Test
  void everyFileOfTheDatabaseIsForItsOwnerAlone() throws IOException {
    Path made = folder.resolve("made");
    Path file = made.resolve("control.db");
    try (Store store = Store.open(file)) {
      insert(store, "one");
      try (var files = Files.list(made)) {
        assertThat(files.toList())
            .hasSize(3)
            .allSatisfy(f -> assertThat(mode(f)).isEqualTo("rw-------"));
      }
    }
    assertThat(mode(made)).isEqualTo("rwx------");
  }

  @Test
  void aDatabaseThatOthersCouldReadIsTakenBack() throws IOException {
    Path file = Files.createFile(folder.resolve("control.db"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Store.open(file).close();
    assertThat(mode(file)).isEqualTo("rw-------");
  }

  @Test
  void itIsWrittenWithTheLogAndToTheDisk() {
    try (Store store = Store.open(folder.resolve("control.db"))) {
      assertThat(pragma(store, "journal_mode")).isEqualTo("wal");
      assertThat(pragma(store, "synchronous")).isEqualTo("2");
      assertThat(pragma(store, "foreign_keys")).isEqualTo("1");
      assertThat(pragma(store, "secure_delete")).isEqualTo("1");
    }
  }

  @Test
  void whatWasWrittenIsThereWithoutClosing() {
    Path file = folder.resolve("control.db");
    try (Store first = Store.open(file)) {
      insert(first, "kept");
      try (Store second = Store.open(file)) {
        assertThat(count(second)).isEqualTo(1);
      }
    }
  }

  @Test
  void aTransactionThatThrowsLeavesNothingAndTheNextOneWorks() {
    try (Store store = Store.open(folder.resolve("control.db"))) {
      assertThatThrownBy(() ->
              store.write(c -> {
                insert(c, "half");
                throw new IllegalArgumentException("refused");
              }))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(count(store)).isZero();
      insert(store, "whole");
      assertThat(count(store)).isEqualTo(1);
    }
  }

  @Test
  void aFaultOfTheDatabaseIsAnExceptionOfTheDecision() {
    Store store = Store.open(folder.resolve("control.db"));
    insert(store, "one");
    assertThatThrownBy(() -> insert(store, "one")).isInstanceOf(StoreException.class);
    store.close();
    assertThatThrownBy(() -> insert(store, "two")).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> count(store)).isInstanceOf(StoreException.class);
  }

  @Test
  void twoWritersOfOneFileWaitForEachOther() throws InterruptedException {
    Path file = folder.resolve("control.db");
    try (Store first = Store.open(file);
        Store second = Store.open(file)) {
      Thread other =
          Thread.ofVirtual()
              .start(() -> IntStream.range(0, 50).forEach(i -> insert(second, "second " + i)));
      IntStream.range(0, 50).forEach(i -> insert(first, "first " + i));
      other.join();
      assertThat(count(first)).isEqualTo(100);
    }
  }

  private static void insert(Store store, String agent) {
    store.write(c -> {
      insert(c, agent);
      return agent;
    });
  }

  private static void insert(Connection c, String agent) throws SQLException {
    try (var insert =
        c.prepareStatement(
            "INSERT INTO registration"
                + " (agent_id, ek_tpm, ek_name, aik_tpm, aik_name, regcount, activated)"
                + " VALUES (?, x'00', x'00', x'00', x'00', 1, 0)")) {
      insert.setString(1, agent);
      insert.executeUpdate();
    }
  }

  private static int count(Store store) {
    return store.read(c -> {
      try (var select = c.prepareStatement("SELECT count(*) FROM registration");
          var row = select.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    });
  }

  private static String pragma(Store store, String name) {
    return store.read(c -> {
      try (var select = c.prepareStatement("PRAGMA " + name);
          var row = select.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    });
  }

  private static String mode(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
