package dev.keystead.control.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.control.store.Store;
import dev.keystead.evidence.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerTest {
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000));

  @TempDir Path folder;
  private Store store;
  private Ledger ledger;

  @BeforeEach
  void open() {
    store = Store.open(folder.resolve("control.db"));
    ledger = new Ledger(store, CLOCK);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void anEmptyLedgerIsWhole() {
    assertThat(ledger.verify().seq()).isZero();
    assertThat(ledger.head().hash()).containsOnly(0);
  }

  @Test
  void eachEntryIsBoundToTheOneBeforeByTheFormThatIsDocumented() throws GeneralSecurityException {
    append("a");
    append("b");
    Entry second = ledger.entries(1, 10).getFirst();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(ledger.entries(0, 1).getFirst().hash());
    digest.update(
        "{\"body\":\"{\\\"n\\\":\\\"b\\\"}\",\"kind\":\"failed\",\"seq\":2,\"subject\":\"b\",\"time\":1000}"
            .getBytes(StandardCharsets.UTF_8));
    assertThat(second.hash()).isEqualTo(digest.digest());
    assertThat(ledger.verify().hash()).isEqualTo(second.hash());
    assertThat(ledger.head().hash()).isEqualTo(second.hash());
  }

  @ParameterizedTest
  @CsvSource({
    "UPDATE ledger SET body = '{}' WHERE seq = 3, 3",
    "UPDATE ledger SET subject = 'z' WHERE seq = 1, 1",
    "UPDATE ledger SET time = 5 WHERE seq = 2, 2",
    "UPDATE ledger SET kind = 'trusted' WHERE seq = 2, 2",
    "UPDATE ledger SET kind = 'liked' WHERE seq = 2, 2",
    "UPDATE ledger SET hash = zeroblob(32) WHERE seq = 4, 4",
    "UPDATE ledger SET previous = zeroblob(32) WHERE seq = 2, 2",
    "DELETE FROM ledger WHERE seq = 2, 2",
    "DELETE FROM ledger WHERE seq = 1, 1",
    "UPDATE ledger SET seq = 9 WHERE seq = 4, 4",
  })
  void verifyNamesTheFirstEntryThatWasTamperedWith(String sql, long broken) {
    for (String subject : new String[] {"a", "b", "c", "d"}) {
      append(subject);
    }
    run(sql);
    assertThatThrownBy(() -> ledger.verify())
        .isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.seq()).isEqualTo(broken));
  }

  @Test
  void aHeadKeptElsewhereShowsThatTheEndWasCutOff() {
    append("a");
    append("b");
    Head kept = ledger.head();
    run("DELETE FROM ledger WHERE seq = 2");
    assertThat(ledger.verify().seq()).isLessThan(kept.seq());
  }

  @Test
  void theChainGoesOnAfterTheProcessDied() {
    append("a");
    // The first store is left as a killed process leaves it: open.
    try (Store again = Store.open(folder.resolve("control.db"))) {
      Ledger later = new Ledger(again, CLOCK);
      again.write(t -> later.append(t, EntryKind.FAILED, "b", Json.object().build()));
      assertThat(later.verify().seq()).isEqualTo(2);
    }
  }

  @Test
  void anEntryOfATransactionThatFailedIsNotThere() {
    append("a");
    assertThatThrownBy(() ->
            store.write(t -> {
              ledger.append(t, EntryKind.FAILED, "b", Json.object().build());
              throw new IllegalStateException("killed");
            }))
        .isInstanceOf(IllegalStateException.class);
    append("c");
    assertThat(ledger.verify().seq()).isEqualTo(2);
    assertThat(ledger.entries(0, 10)).extracting(Entry::subject).containsExactly("a", "c");
  }

  private void append(String subject) {
    store.write(
        t -> ledger.append(t, EntryKind.FAILED, subject, Json.object().put("n", subject).build()));
  }

  private void run(String sql) {
    store.write(t -> {
      try (var statement = t.prepareStatement(sql)) {
        return statement.executeUpdate();
      }
    });
  }
}
