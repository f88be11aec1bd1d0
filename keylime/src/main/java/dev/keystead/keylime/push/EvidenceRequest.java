package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The 201 reply to POST /agents/{id}/attestations: what the agent is to show.
 *
 * @param self path of the attestation, to which the evidence is sent
 * @param collection path of all of the agent's
 * @param bootTime as the agent said it
 * @param received when the offer came
 * @param expires after which evidence comes in vain
 */
public record EvidenceRequest(
    String self,
    String collection,
    EvidenceItems<QuoteRequest, LogRequest, LogRequest> requested,
    Optional<Instant> bootTime,
    Instant received,
    Instant expires) {
  private static final int MAX_PATH = 512;

  /** Reads the body. */
  public static EvidenceRequest parse(Json json) {
    return JsonApi.read(
        json,
        EvidenceOffer.TYPE,
        (data, attributes) ->
            new EvidenceRequest(
                data.object("links").text("self", MAX_PATH),
                link(json),
                parameters(attributes, "evidence_requested"),
                EvidenceOffer.bootTime(attributes),
                ApiTime.read(attributes.field("capabilities_received_at")),
                ApiTime.read(attributes.field("challenges_expire_at"))));
  }

  static String link(Json document) {
    return ((Json.Obj) document).fields("").object("links").text("self", MAX_PATH);
  }

  static EvidenceItems<QuoteRequest, LogRequest, LogRequest> parameters(
      Fields attributes, String list) {
    return EvidenceItems.read(
        attributes,
        list,
        "chosen_parameters",
        QuoteRequest::read,
        LogRequest::read,
        LogRequest::read);
  }

  /** The body on the wire. */
  public Json.Obj toJson() {
    JsonObjectBuilder attributes =
        Json.object()
            .put("stage", Stage.AWAITING_EVIDENCE.text())
            .put("evidence_requested", EvidenceItems.write(Map.of("chosen_parameters", written())));
    writeTimes(attributes);
    return document(attributes, self, collection).build();
  }

  EvidenceItems<Json, Json, Json> written() {
    return requested.map(QuoteRequest::write, LogRequest::write, LogRequest::write);
  }

  void writeTimes(JsonObjectBuilder attributes) {
    bootTime.ifPresent(time ->
        attributes.put("system_info", Json.object().put("boot_time", ApiTime.micros(time))));
    attributes
        .put("capabilities_received_at", ApiTime.micros(received))
        .put("challenges_expire_at", ApiTime.micros(expires));
  }

  static JsonObjectBuilder document(JsonObjectBuilder attributes, String self, String document) {
    return Json.object()
        .put(
            "data",
            JsonApi.resource(EvidenceOffer.TYPE, attributes).put("links", JsonApi.self(self)))
        .put("links", JsonApi.self(document))
        .put("jsonapi", Json.object().put("version", "1.1"));
  }
}
