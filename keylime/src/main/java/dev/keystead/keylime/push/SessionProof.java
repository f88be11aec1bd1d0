package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.WireException;
import java.util.List;

/** The body of PATCH /sessions/{id}. */
public record SessionProof(SessionId id, AgentId agent, Possession proof) {

  /** Reads the body. */
  public static SessionProof parse(Json json) {
    return JsonApi.read(json, SessionOpening.TYPE, SessionProof::read);
  }

  private static SessionProof read(Fields data, Fields attributes) {
    Fields way =
        attributes.list("authentication_provided", 8).stream()
            .map(Field::fields)
            .filter(SessionOpening::isPossession)
            .findFirst()
            .orElseThrow(
                () -> WireException.malformed("authentication_provided", "has no tpm_pop"));
    return new SessionProof(
        new SessionId(data.text("id", 36)),
        AgentId.of(attributes.text("agent_id", AgentId.MAX_LENGTH)),
        Possession.read(way.object("data")));
  }

  /** The body on the wire. */
  public Json.Obj toJson() {
    Json.Obj way = SessionOpening.possession().put("data", proof.write()).build();
    return JsonApi.document(
        Json.object()
            .put("type", SessionOpening.TYPE)
            .put("id", id.value())
            .put(
                "attributes",
                Json.object()
                    .put("agent_id", agent.value())
                    .put("authentication_provided", Json.array(List.of(way)))));
  }
}
