package dev.keystead.keylime;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Json;
import java.util.List;

/** The agents that a registrar or verifier knows: {@code {"uuids": [..]}}. */
public record AgentList(List<AgentId> agents) {
  /** Most agents in one list. */
  public static final int MAX = 1_000_000;

  /** Takes a copy. */
  public AgentList {
    agents = List.copyOf(agents);
  }

  /** Reads the results of either server; Keylime's verifier wraps each id in a list of one. */
  public static AgentList parse(Json json) {
    return Message.read(
        json,
        fields -> new AgentList(fields.list("uuids", MAX).stream().map(AgentList::agent).toList()));
  }

  private static AgentId agent(Field item) {
    Field text =
        item.value() instanceof Json.Arr row && row.items().size() == 1
            ? item.list(1).getFirst()
            : item;
    return AgentId.of(text.text(AgentId.MAX_LENGTH));
  }

  /** The results of a registrar. */
  public Json.Obj toRegistrarJson() {
    return Json.object()
        .put("uuids", Json.strings(agents.stream().map(AgentId::value).toList()))
        .build();
  }

  /** The results of a verifier: each id in a list of its own. */
  public Json.Obj toVerifierJson() {
    return Json.object()
        .put(
            "uuids",
            Json.array(agents.stream().map(a -> Json.strings(List.of(a.value()))).toList()))
        .build();
  }
}
