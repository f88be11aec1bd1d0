package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The body of POST /agents/{id}/attestations: what an agent can show.
 *
 * @param bootTime when the machine was started, as it says; nothing is proved by it
 */
public record EvidenceOffer(
    EvidenceItems<QuoteCapabilities, LogCapabilities, LogCapabilities> supported,
    Optional<Instant> bootTime) {
  static final String TYPE = "attestation";

  /** Reads the body. */
  public static EvidenceOffer parse(Json json) {
    return JsonApi.read(json, TYPE, (_, attributes) -> read(attributes));
  }

  private static EvidenceOffer read(Fields attributes) {
    return new EvidenceOffer(capabilities(attributes, "evidence_supported"), bootTime(attributes));
  }

  static EvidenceItems<QuoteCapabilities, LogCapabilities, LogCapabilities> capabilities(
      Fields attributes, String list) {
    return EvidenceItems.read(
        attributes,
        list,
        "capabilities",
        QuoteCapabilities::read,
        LogCapabilities::read,
        LogCapabilities::read);
  }

  static Optional<Instant> bootTime(Fields attributes) {
    return attributes
        .optionalObject("system_info")
        .flatMap(info -> info.optional("boot_time"))
        .map(ApiTime::read);
  }

  /** The body on the wire. */
  public Json.Obj toJson() {
    JsonObjectBuilder attributes =
        Json.object()
            .put(
                "evidence_supported",
                EvidenceItems.write(
                    Map.of(
                        "capabilities",
                        supported.map(
                            QuoteCapabilities::write,
                            LogCapabilities::write,
                            LogCapabilities::write))));
    bootTime.ifPresent(time ->
        attributes.put("system_info", Json.object().put("boot_time", ApiTime.seconds(time))));
    return JsonApi.document(JsonApi.resource(TYPE, attributes));
  }
}
