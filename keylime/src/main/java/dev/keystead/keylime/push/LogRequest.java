package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import java.util.Optional;

/**
 * The part of a log that is asked for.
 *
 * @param first how many entries come before
 * @param count how many entries are wanted; to the end when absent
 * @param format one of those that were offered
 */
public record LogRequest(long first, Optional<Long> count, String format) {
  /** All from an entry on. */
  public static LogRequest from(long first, String format) {
    return new LogRequest(first, Optional.empty(), format);
  }

  static LogRequest read(Fields fields) {
    return new LogRequest(
        fields.optionalInteger("starting_offset", 0L, Integer.MAX_VALUE).orElse(0),
        fields.optional("entry_count").map(f -> f.integer(0L, Integer.MAX_VALUE)),
        Names.name(fields.field("format")));
  }

  JsonObjectBuilder write() {
    return Json.object()
        .put("starting_offset", first)
        .putIfPresent("entry_count", count.map(Json::of))
        .put("format", format);
  }
}
