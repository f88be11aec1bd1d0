package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import java.util.List;
import java.util.Optional;

/**
 * What an agent can tell of a log.
 *
 * @param version of its format, where it has one
 * @param entries how many it has now
 * @param partial whether a part of it can be asked for
 * @param appendable whether it grows
 * @param formats media types
 */
public record LogCapabilities(
    Optional<String> version,
    long entries,
    boolean partial,
    boolean appendable,
    List<String> formats) {
  /** The format of a measurement list. */
  public static final String TEXT = "text/plain";

  /** The format of a firmware's event log. */
  public static final String BINARY = "application/octet-stream";

  /** A measurement list. */
  public static LogCapabilities ima(long entries) {
    return new LogCapabilities(Optional.empty(), entries, true, true, List.of(TEXT));
  }

  /** A firmware's event log; agents announce one without entries when there is none. */
  public static LogCapabilities uefi(long entries) {
    return new LogCapabilities(Optional.of("2.1"), entries, false, false, List.of(BINARY));
  }

  static LogCapabilities read(Fields fields) {
    return new LogCapabilities(
        fields.optional("evidence_version").map(f -> f.text(16)),
        fields.optionalInteger("entry_count", 0L, Integer.MAX_VALUE).orElse(0),
        fields.optionalBool("supports_partial_access").orElse(false),
        fields.optionalBool("appendable").orElse(false),
        Names.read(fields, "formats"));
  }

  JsonObjectBuilder write() {
    return Json.object()
        .putIfPresent("evidence_version", version.map(Json::of))
        .put("entry_count", entries)
        .put("supports_partial_access", partial)
        .put("appendable", appendable)
        .put("formats", Json.strings(formats));
  }
}
