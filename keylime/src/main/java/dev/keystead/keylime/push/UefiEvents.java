package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import java.util.Optional;

/**
 * A firmware's event log, whole.
 *
 * @param count how many events, as the agent says
 * @param log the bytes
 */
public record UefiEvents(Optional<Long> count, byte[] log) {
  private static final int MAX = 4 << 20;
  private static final int LONGEST_TOLD = 4 << 10;

  static UefiEvents read(Fields fields) {
    return new UefiEvents(
        fields.optional("entry_count").map(f -> f.integer(0L, Integer.MAX_VALUE)),
        fields.bytes64("entries", MAX));
  }

  /** The same without a log that is too long to be told again. */
  UefiEvents brief() {
    return log.length <= LONGEST_TOLD ? this : new UefiEvents(count, new byte[0]);
  }

  JsonObjectBuilder write() {
    return Json.object()
        .putIfPresent("entry_count", count.map(Json::of))
        .putBytes64("entries", log);
  }
}
