package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.WireException;
import java.time.Instant;
import java.util.List;

/**
 * The reply to POST /sessions.
 *
 * @param challenge to be signed
 * @param expires after which the challenge is answered in vain
 */
public record SessionChallenge(
    SessionId id, AgentId agent, Challenge challenge, Instant created, Instant expires) {

  /** Reads the body. */
  public static SessionChallenge parse(Json json) {
    return JsonApi.read(
        json,
        SessionOpening.TYPE,
        (data, attributes) -> read(data, attributes, "authentication_requested"));
  }

  static SessionChallenge read(Fields data, Fields attributes, String ways) {
    Fields way =
        attributes.list(ways, 8).stream()
            .map(Field::fields)
            .filter(SessionOpening::isPossession)
            .findFirst()
            .orElseThrow(() -> WireException.malformed(ways, "has no tpm_pop"));
    return new SessionChallenge(
        new SessionId(data.text("id", 36)),
        AgentId.of(attributes.text("agent_id", AgentId.MAX_LENGTH)),
        Challenge.read(way.object("chosen_parameters")),
        ApiTime.read(attributes.field("created_at")),
        ApiTime.read(attributes.field("challenges_expire_at")));
  }

  /** The body on the wire. */
  public Json.Obj toJson() {
    JsonObjectBuilder attributes =
        Json.object()
            .put("agent_id", agent.value())
            .put("authentication_requested", Json.array(List.of(way().build())));
    writeTimes(attributes);
    return JsonApi.document(
        Json.object()
            .put("type", SessionOpening.TYPE)
            .put("id", id.value())
            .put("attributes", attributes));
  }

  JsonObjectBuilder way() {
    return SessionOpening.possession()
        .put("chosen_parameters", Json.object().putBytes64("challenge", challenge.bytes()));
  }

  void writeTimes(JsonObjectBuilder attributes) {
    attributes
        .put("created_at", ApiTime.micros(created))
        .put("challenges_expire_at", ApiTime.micros(expires));
  }
}
