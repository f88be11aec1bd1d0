package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.WireException;
import java.util.List;

/**
 * The body of POST /sessions: an agent that can prove possession of its key asks for a challenge.
 */
public record SessionOpening(AgentId agent) {
  static final String TYPE = "session";

  /** Reads the body. */
  public static SessionOpening parse(Json json) {
    return JsonApi.read(json, TYPE, (_, attributes) -> read(attributes));
  }

  private static SessionOpening read(Fields attributes) {
    boolean supported =
        attributes.list("authentication_supported", 8).stream()
            .map(way -> way.fields())
            .anyMatch(SessionOpening::isPossession);
    if (!supported) {
      throw WireException.malformed("authentication_supported", "has no tpm_pop");
    }
    return new SessionOpening(AgentId.of(attributes.text("agent_id", AgentId.MAX_LENGTH)));
  }

  static boolean isPossession(Fields way) {
    return way.text("authentication_class", 32).equals("pop")
        && way.text("authentication_type", 32).equals("tpm_pop");
  }

  static JsonObjectBuilder possession() {
    return Json.object().put("authentication_class", "pop").put("authentication_type", "tpm_pop");
  }

  /** The body on the wire. */
  public Json.Obj toJson() {
    return JsonApi.document(
        JsonApi.resource(
            TYPE,
            Json.object()
                .put("agent_id", agent.value())
                .put("authentication_supported", Json.array(List.of(possession().build())))));
  }
}
