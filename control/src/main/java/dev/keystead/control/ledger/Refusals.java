package dev.keystead.control.ledger;

import dev.keystead.control.store.Store;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Writes refusals that concern trust into the ledger, so that whoever causes them cannot fill the
 * disk: of each kind, only so many different ones are written in a minute, each once, at once. The
 * rest is counted, and written as a number by the first refusal of a later minute or at the end.
 * Kinds are counted apart, so that noise of one kind does not hide another. Entries are bounded in
 * length by their makers.
 */
public final class Refusals implements AutoCloseable {
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int WRITTEN_PER_WINDOW = 8;

  private final Store store;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Map<Kind, Window> windows = new EnumMap<>(Kind.class);

  /** What somebody tried. */
  public enum Kind {
    /** An activation with a tag that opens no challenge of that id. */
    WRONG_TAG,
    /** An id, or a TPM that belongs to an id, was claimed by another. */
    TAKEOVER,
    /** A proof that somebody has an agent's attestation key, which is none. */
    NO_POSSESSION,
    /** Keys that cannot be an agent's. */
    UNFIT_KEY,
    /** An owner's route without an owner's certificate. */
    UNAUTHORISED,
    /** An id outside the alphabet. */
    BAD_ID;

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private record Key(String subject, String reason) {}

  private static final class Window {
    final long start;
    final Map<Key, Long> repeated = new LinkedHashMap<>();
    long others;

    Window(long start) {
      this.start = start;
    }
  }

  /** Refusals are written through this ledger. */
  public Refusals(Store store, Ledger ledger, InstantSource clock) {
    this.store = store;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * Records a refusal.
   *
   * @param subject the agent's id, or empty; never text that has not been checked
   * @param reason a fixed text, or one that is bounded and free of what a stranger sent
   */
  public synchronized void record(Kind kind, String subject, String reason) {
    flush(clock.millis() - WINDOW.toMillis());
    Window window = windows.computeIfAbsent(kind, k -> new Window(clock.millis()));
    Key key = new Key(subject, reason);
    Long repeats = window.repeated.get(key);
    if (repeats != null) {
      window.repeated.put(key, repeats + 1);
    } else if (window.repeated.size() < WRITTEN_PER_WINDOW) {
      window.repeated.put(key, 0L);
      store.write(transaction ->
          ledger.append(transaction, EntryKind.REFUSED, subject, body(kind, reason).build()));
    } else {
      window.others++;
    }
  }

  /** Writes the numbers of the minutes under way. */
  @Override
  public synchronized void close() {
    flush(Long.MAX_VALUE);
  }

  private void flush(long startedUpTo) {
    var each = windows.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Kind, Window> entry = each.next();
      if (entry.getValue().start <= startedUpTo) {
        store.write(transaction -> write(transaction, entry.getKey(), entry.getValue()));
        each.remove();
      }
    }
  }

  private int write(Connection transaction, Kind kind, Window window) throws SQLException {
    for (Map.Entry<Key, Long> each : window.repeated.entrySet()) {
      if (each.getValue() > 0) {
        Key key = each.getKey();
        Json.Obj body = body(kind, key.reason()).put("times", each.getValue()).build();
        ledger.append(transaction, EntryKind.REFUSED_AGAIN, key.subject(), body);
      }
    }
    if (window.others > 0) {
      Json.Obj body = body(kind, "others").put("times", window.others).build();
      ledger.append(transaction, EntryKind.REFUSED_AGAIN, "", body);
    }
    return window.repeated.size();
  }

  private static JsonObjectBuilder body(Kind kind, String reason) {
    return Json.object().put("refusal", kind.label()).put("reason", reason);
  }
}
