package dev.keystead.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.Ran;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.control.ledger.Ledger;
import dev.keystead.control.store.Store;
import dev.keystead.evidence.json.Json;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerCommandTest {
  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void threeDecisions() {
    file = folder.resolve("store.db");
    append(3);
  }

  private void append(int count) {
    try (Store store = Store.open(file)) {
      Ledger ledger = new Ledger(store, InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000)));
      for (int i = 0; i < count; i++) {
        Json.Obj body = Json.object().put("n", i).build();
        store.write(db -> ledger.append(db, EntryKind.TRUSTED, "node-1", body));
      }
    }
  }

  private Ran ledger(String verb, String... more) {
    Object[] args = new Object[4 + more.length];
    System.arraycopy(new Object[] {"ledger", verb, "--store", file}, 0, args, 0, 4);
    System.arraycopy(more, 0, args, 4, more.length);
    return Ran.keystead(args);
  }

  @Test
  void decisionsAreShownOldestFirst() {
    Ran ran = ledger("show", "--after", "1");
    assertThat(ran.code()).as(ran.toString()).isEqualTo(ExitCode.TRUSTED);
    assertThat(ran.out().lines()).hasSize(2).allMatch(line -> line.contains("trusted"));
    assertThat(ran.out()).contains("2027-01-15T08:00:00Z", "node-1", "{\"n\":1}");
  }

  @Test
  void aWholeLedgerVerifies() {
    Ran ran = ledger("verify", "--output", "json");
    assertThat(ran.code()).isEqualTo(ExitCode.TRUSTED);
    assertThat(ran.member("entries")).isEqualTo("3");
  }

  @Test
  void aChangedEntryIsFound() throws Exception {
    try (var db = DriverManager.getConnection("jdbc:sqlite:" + file);
        var update = db.createStatement()) {
      update.executeUpdate("UPDATE ledger SET subject = 'node-2' WHERE seq = 2");
    }
    Ran ran = ledger("verify");
    assertThat(ran.code()).isEqualTo(ExitCode.NOT_TRUSTED);
    assertThat(ran.out()).contains("entry 2");
  }

  @Test
  void anEndThatWasCutOffShowsAgainstAHeadThatWasKept() throws Exception {
    String head = ledger("verify", "--output", "json").member("head");
    append(1);
    assertThat(ledger("verify", "--contains", head).code()).isEqualTo(ExitCode.TRUSTED);
    try (var db = DriverManager.getConnection("jdbc:sqlite:" + file);
        var update = db.createStatement()) {
      update.executeUpdate("DELETE FROM ledger WHERE seq > 2");
    }
    assertThat(ledger("verify").code()).isEqualTo(ExitCode.TRUSTED);
    assertThat(ledger("verify", "--contains", head).code()).isEqualTo(ExitCode.NOT_TRUSTED);
  }

  @Test
  void aStoreThatIsNotThereIsNotMade() {
    Path absent = folder.resolve("absent.db");
    assertThat(Ran.keystead("ledger", "verify", "--store", absent).code())
        .isEqualTo(ExitCode.UNREADABLE);
    assertThat(absent).doesNotExist();
  }
}
