package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;

/**
 * Entries of a measurement list, as they were asked for.
 *
 * @param count how many, as the agent says
 * @param entries lines of ascii_runtime_measurements
 */
public record ImaEntries(long count, String entries) {
  private static final int MAX = 64 << 20;
  private static final int LONGEST_TOLD = 4 << 10;

  static ImaEntries read(Fields fields) {
    fields.field("entries");
    return new ImaEntries(
        fields.optionalInteger("entry_count", 0L, Integer.MAX_VALUE).orElse(0),
        fields.optional("entries").map(f -> f.text(MAX)).orElse(""));
  }

  /** The same without entries that are too long to be told again. */
  ImaEntries brief() {
    return entries.length() <= LONGEST_TOLD ? this : new ImaEntries(count, "");
  }

  /** As servers tell what came: without entries there is {@code null}. */
  JsonObjectBuilder writeTold() {
    return Json.object()
        .put("entry_count", count)
        .put("entries", entries.isEmpty() ? new Json.Null() : Json.of(entries));
  }

  JsonObjectBuilder write() {
    return Json.object().put("entry_count", count).put("entries", entries);
  }
}
