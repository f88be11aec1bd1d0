package dev.keystead.lab.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ledger.Entry;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.control.ledger.Ledger;
import dev.keystead.control.store.Store;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the ledger of a server holds, held against what the server has said. */
final class Ledgers {
  private Ledgers() {}

  /** The words with which each kind of decision is told, once it is written. */
  private static final Map<EntryKind, String> TOLD =
      Map.of(
          EntryKind.ACTIVATED, "Activated[",
          EntryKind.ENROLLED, "Enrolled[",
          EntryKind.REMOVED, "Removed[",
          EntryKind.FAILED, "Failed[",
          EntryKind.SHARE_DELIVERED, "ShareDelivered[");

  /** Where a node stands by its decisions so far. */
  private enum Standing {
    UNKNOWN,
    WATCHED,
    TRUSTED,
    UNTRUSTED
  }

  /**
   * Checks the chain, that nothing is missing that was told, and that no decision stands there
   * twice or where it makes no sense.
   *
   * @param deaths how often the server was killed: each may have cut off the telling of one
   *     decision of each node
   */
  static List<Entry> check(Path database, List<String> told, int deaths) {
    try (Store store = Store.open(database)) {
      Ledger ledger = new Ledger(store, InstantSource.system());
      long last = ledger.verify().seq();
      List<Entry> entries = ledger.entries(0, Integer.MAX_VALUE);
      assertThat(entries).hasSize(Math.toIntExact(last));
      TOLD.forEach((kind, words) -> {
        for (String node : List.of(Fleet.STEADY.value(), Fleet.BRITTLE.value())) {
          long written = count(entries, kind, node);
          long heard =
              told.stream()
                  .filter(line -> line.startsWith(words) && line.contains("agent=" + node))
                  .count();
          assertThat(written).as("%s of %s", kind, node).isBetween(heard, heard + deaths);
        }
      });
      entries.stream()
          .collect(Collectors.groupingBy(Entry::subject))
          .forEach((node, decisions) -> requireSense(decisions));
      return entries;
    }
  }

  static long count(List<Entry> entries, EntryKind kind, String node) {
    return entries.stream().filter(e -> e.kind() == kind && e.subject().equals(node)).count();
  }

  private static void requireSense(List<Entry> decisions) {
    Standing standing = Standing.UNKNOWN;
    for (Entry entry : decisions) {
      Standing before = standing;
      standing =
          switch (entry.kind()) {
            case ENROLLED -> from(entry, before, Standing.UNKNOWN, Standing.WATCHED);
            case TRUSTED -> from(entry, before, Standing.WATCHED, Standing.TRUSTED);
            case SHARE_DELIVERED -> from(entry, before, Standing.TRUSTED, Standing.TRUSTED);
            case FAILED, UNREACHABLE -> {
              assertThat(before)
                  .as("%s: %s", entry.seq(), entry.body())
                  .isIn(Standing.WATCHED, Standing.TRUSTED);
              yield Standing.UNTRUSTED;
            }
            case REACTIVATED -> Standing.WATCHED;
            case STOPPED -> Standing.UNTRUSTED;
            case REMOVED -> Standing.UNKNOWN;
            default -> before;
          };
    }
  }

  private static Standing from(Entry entry, Standing is, Standing must, Standing next) {
    assertThat(is).as("%d: %s", entry.seq(), entry.kind()).isEqualTo(must);
    return next;
  }
}
