package dev.keystead.keylime;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import java.util.List;

/**
 * The reply to GET /version, of servers and of agents (section 0).
 *
 * @param newest the newest version that is spoken
 * @param supported all of them; only {@code newest} when an old agent lists none
 */
public record VersionReply(ApiVersion newest, List<ApiVersion> supported) {
  private static final int MAX = 64;

  /** Takes a copy. */
  public VersionReply {
    supported = List.copyOf(supported);
  }

  /** What our servers serve. */
  public static VersionReply ours() {
    return new VersionReply(ApiVersion.CURRENT, ApiVersion.SERVED);
  }

  /** Reads the results of either kind. */
  public static VersionReply parse(Json json) {
    return Message.read(
        json,
        fields -> {
          ApiVersion newest =
              ApiVersion.parse(
                  fields.text(
                      fields.has("current_version") ? "current_version" : "supported_version", 16));
          List<ApiVersion> all = list(fields);
          return new VersionReply(newest, all.isEmpty() ? List.of(newest) : all);
        });
  }

  private static List<ApiVersion> list(Fields fields) {
    return fields.optionalList("supported_versions", MAX).stream()
        .map(f -> ApiVersion.parse(f.text(16)))
        .toList();
  }

  /** The results of a server. */
  public Json.Obj toServerJson() {
    return toJson("current_version");
  }

  /** The results of an agent. */
  public Json.Obj toAgentJson() {
    return toJson("supported_version");
  }

  private Json.Obj toJson(String name) {
    return Json.object()
        .put(name, newest.toString())
        .put(
            "supported_versions",
            Json.strings(supported.stream().map(ApiVersion::toString).toList()))
        .build();
  }
}
