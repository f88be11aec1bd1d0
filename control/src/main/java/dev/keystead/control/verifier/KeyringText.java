package dev.keystead.control.verifier;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.json.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keyrings of file signatures, as the JSON text in which a policy and an enrolment carry them. */
final class KeyringText {
  private static final String MEMBER = "verification-keys";
  private static final int MOST_KEYS = 256;

  private KeyringText() {}

  /** A runtime policy with the keys of an enrolment added to its own. */
  static Json.Obj merged(Json.Obj policy, Optional<String> keys) {
    if (keys.isEmpty()) {
      return policy;
    }
    String own = policy.fields("").text(MEMBER);
    String merged = own.isEmpty() ? keys.get() : join(own, keys.get());
    JsonObjectBuilder members = Json.object();
    policy
        .members()
        .forEach((name, value) -> members.put(name, name.equals(MEMBER) ? Json.of(merged) : value));
    return members.build();
  }

  private static String join(String one, String other) {
    List<Json> ids = new ArrayList<>();
    List<Json> keys = new ArrayList<>();
    for (String text : List.of(one, other)) {
      Fields fields = new Field("", Json.parse(text, Limits.WIRE)).fields();
      fields.list("keyids", MOST_KEYS).forEach(id -> ids.add(id.value()));
      fields.list("pubkeys", MOST_KEYS).forEach(key -> keys.add(key.value()));
    }
    return Json.object()
        .put("keyids", Json.array(ids))
        .put("pubkeys", Json.array(keys))
        .build()
        .toString();
  }
}
