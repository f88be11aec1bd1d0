package dev.keystead.tao.seal;

import dev.keystead.tao.seal.RollbackException.Trouble;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table of versions and the counter, kept together. An update has two phases: the next table,
 * which names the counter's next value, is written and synced; then the counter is incremented, and
 * with that the next table is in force and every other one is not. A power cut between any two
 * steps leaves one table in force, which {@link #current} finds.
 *
 * <p>A table that was written and never came into force names a value that the counter reaches with
 * the update after it. So {@link #current} makes one update without a change before it uses what it
 * found after a start or a failure: from there on such a table is as old as any other.
 */
final class VersionsLedger {
  private final VersionsFile file;
  private final Counter counter;
  private @Nullable Versions current;

  VersionsLedger(VersionsFile file, Counter counter) {
    this.file = file;
    this.counter = counter;
  }

  /** The table in force, found anew after a start or a failed update. */
  Versions current() throws RollbackException {
    Versions known = current;
    return known != null ? known : recover();
  }

  /** Replaces the lines of the table in force; when it returns, the new ones survive anything. */
  void update(List<Line> lines) throws RollbackException {
    replace(current().at(), lines);
  }

  /** The first table. */
  void create() throws RollbackException {
    if (file.exists(VersionsFile.TABLE)) {
      throw new RollbackException(Trouble.ORDER_REFUSED, "there is a table of versions already");
    }
    replace(counter.read(), List.of());
  }

  /** Gives up all lines, whatever is on disk, if the counter is where the owner's order says. */
  void startAnew(long value) throws RollbackException {
    Counter.Reading now = counter.read();
    if (now.value() != value) {
      throw new RollbackException(
          Trouble.ORDER_REFUSED,
          "the order is for the counter at " + value + ", and it is at " + now.value());
    }
    replace(now, List.of());
  }

  private Versions replace(Counter.Reading before, List<Line> lines) throws RollbackException {
    current = null;
    long value = before.value() + 1;
    file.prepare(new Versions(next(before), lines));
    counter.increment();
    Counter.Reading after = counter.read();
    if (after.value() != value) {
      throw new RollbackException(
          Trouble.TABLE_OLD, "the counter is at " + after.value() + " after " + before.value());
    }
    file.adopt();
    Versions replaced = new Versions(after, lines);
    current = replaced;
    return replaced;
  }

  private static Counter.Reading next(Counter.Reading before) throws RollbackException {
    if (before.value() == Long.MAX_VALUE - 1) {
      throw new RollbackException(Trouble.COUNTER_EXHAUSTED, "the counter has no next value");
    }
    return new Counter.Reading(before.value() + 1, before.resets(), before.clock());
  }

  private Versions recover() throws RollbackException {
    Counter.Reading now = counter.read();
    Optional<Versions> next = file.read(VersionsFile.NEXT).filter(v -> isAt(v, now));
    if (next.isPresent()) {
      file.adopt();
    }
    Versions found = next.isPresent() ? next.get() : table(now);
    if (now.resets() < found.at().resets()
        || (now.resets() == found.at().resets() && now.clock() < found.at().clock())) {
      throw new RollbackException(
          Trouble.TPM_COPIED, "the TPM has run less than when the table was written: " + now);
    }
    return replace(now, found.lines());
  }

  private Versions table(Counter.Reading now) throws RollbackException {
    if (!file.exists(VersionsFile.TABLE)) {
      throw new RollbackException(Trouble.TABLE_MISSING, "there is no table of versions");
    }
    Versions table =
        file.read(VersionsFile.TABLE)
            .orElseThrow(() ->
                new RollbackException(
                    Trouble.TABLE_INVALID, "the table of versions is not this host's"));
    if (isAt(table, now)) {
      return table;
    }
    boolean old = table.at().value() < now.value();
    throw new RollbackException(
        old ? Trouble.TABLE_OLD : Trouble.COUNTER_OLD,
        "the table is for the counter at " + table.at().value() + ", and it is at " + now.value());
  }

  private static boolean isAt(Versions versions, Counter.Reading now) {
    return versions.at().value() == now.value();
  }
}
