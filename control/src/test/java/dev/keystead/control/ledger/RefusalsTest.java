package dev.keystead.control.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.store.Store;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalsTest {
  private final AtomicLong now = new AtomicLong(1_000_000);
  @TempDir Path folder;
  private Store store;
  private Ledger ledger;
  private Refusals refusals;

  @BeforeEach
  void open() {
    store = Store.open(folder.resolve("control.db"));
    ledger = new Ledger(store, () -> Instant.ofEpochMilli(now.get()));
    refusals = new Refusals(store, ledger, () -> Instant.ofEpochMilli(now.get()));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aRefusalIsWrittenAtOnce() {
    refusals.record(Refusals.Kind.TAKEOVER, "node-1", "another EK");
    assertThat(ledger.entries(0, 10))
        .singleElement()
        .satisfies(e -> {
          assertThat(e.kind()).isEqualTo(EntryKind.REFUSED);
          assertThat(e.subject()).isEqualTo("node-1");
          assertThat(e.body()).contains("takeover", "another EK");
        });
  }

  @Test
  void aHundredThousandRefusalsCannotFillTheDisk() {
    for (int i = 0; i < 100_000; i++) {
      refusals.record(Refusals.Kind.WRONG_TAG, "node-" + i, "wrong tag");
    }
    refusals.close();
    assertThat(ledger.entries(0, 100)).hasSize(9);
    assertThat(ledger.entries(8, 1).getFirst().body()).contains("99992");
  }

  @Test
  void noiseOfOneKindDoesNotHideAnother() {
    for (int i = 0; i < 100; i++) {
      refusals.record(Refusals.Kind.WRONG_TAG, "node-" + i, "wrong tag");
    }
    refusals.record(Refusals.Kind.TAKEOVER, "node-7", "another EK");
    assertThat(ledger.entries(8, 10)).extracting(Entry::subject).containsExactly("node-7");
  }

  @Test
  void equalRefusalsAreANumberWhenTheirMinuteIsOver() {
    for (int i = 0; i < 5; i++) {
      refusals.record(Refusals.Kind.UNAUTHORISED, "", "no certificate");
    }
    assertThat(ledger.entries(0, 10)).hasSize(1);
    now.addAndGet(60_000);
    refusals.record(Refusals.Kind.BAD_ID, "", "another");
    assertThat(ledger.entries(1, 10))
        .first()
        .satisfies(e -> {
          assertThat(e.kind()).isEqualTo(EntryKind.REFUSED_AGAIN);
          assertThat(e.body()).contains("\"times\":4");
        });
  }
}
