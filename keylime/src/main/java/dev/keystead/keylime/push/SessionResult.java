package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.keylime.WireException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The reply to PATCH /sessions/{id}.
 *
 * @param session as it was opened
 * @param proof as it came
 * @param received when it came
 * @param granted empty when the proof was of no use
 */
public record SessionResult(
    SessionChallenge session, Possession proof, Instant received, Optional<Granted> granted) {

  /**
   * What lets the agent in.
   *
   * @param expires unless good evidence comes before
   */
  public record Granted(SessionToken token, Instant expires) {}

  /** Reads the body. */
  public static SessionResult parse(Json json) {
    return JsonApi.read(json, SessionOpening.TYPE, SessionResult::read);
  }

  private static SessionResult read(Fields data, Fields attributes) {
    SessionChallenge session = SessionChallenge.read(data, attributes, "authentication");
    Fields way =
        attributes.list("authentication", 8).stream()
            .map(Field::fields)
            .filter(SessionOpening::isPossession)
            .findFirst()
            .orElseThrow();
    return new SessionResult(
        session,
        Possession.read(way.object("data")),
        ApiTime.read(attributes.field("response_received_at")),
        switch (attributes.text("evaluation", 16)) {
          case "pass" ->
              Optional.of(
                  new Granted(
                      SessionToken.parse(attributes.text("token", 256)),
                      ApiTime.read(attributes.field("token_expires_at"))));
          case "fail" -> Optional.empty();
          default -> throw WireException.malformed("evaluation", "is neither pass nor fail");
        });
  }

  /** The body on the wire; it holds the token in clear. */
  public Json.Obj toJson() {
    JsonObjectBuilder attributes =
        Json.object()
            .put("agent_id", session.agent().value())
            .put("evaluation", granted.isPresent() ? "pass" : "fail");
    granted.ifPresent(g -> attributes.put("token", g.token().text()));
    Json.Obj way = session.way().put("data", proof.write()).build();
    attributes.put("authentication", Json.array(List.of(way)));
    session.writeTimes(attributes);
    attributes.put("response_received_at", ApiTime.micros(received));
    granted.ifPresent(g -> attributes.put("token_expires_at", ApiTime.micros(g.expires())));
    return JsonApi.document(
        Json.object()
            .put("type", SessionOpening.TYPE)
            .put("id", session.id().value())
            .put("attributes", attributes));
  }
}
