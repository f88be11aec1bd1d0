package dev.keystead.tenant;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.AgentList;
import dev.keystead.keylime.registration.AgentRecord;
import dev.keystead.tenant.TenantException.Problem;
import java.util.List;
import java.util.Optional;

/** The registrar as the owner uses it (section 3 of the wire). */
final class Registrar {
  private static final int NOT_FOUND = 404;
  private final Correspondent correspondent;
  private final VersionedPath path;

  Registrar(Correspondent correspondent) {
    this.correspondent = correspondent;
    this.path = VersionedPath.agree(correspondent);
  }

  /** The record of an active agent, if there is one. */
  Optional<AgentRecord> find(AgentId id) {
    Correspondent.Reply reply = correspondent.get(path.agent(id));
    if (reply.status() == NOT_FOUND) {
      return Optional.empty();
    }
    AgentRecord record = correspondent.results(reply, "the record of " + id, AgentRecord::parse);
    if (!record.agentId().equals(id)) {
      throw new TenantException(
          Problem.BAD_REPLY,
          "%s at %s was asked for agent %s and told of another"
              .formatted(correspondent.name(), correspondent.endpoint(), id));
    }
    return Optional.of(record);
  }

  /** The record of an active agent. */
  AgentRecord require(AgentId id) {
    return find(id)
        .orElseThrow(() ->
            new TenantException(
                Problem.UNKNOWN_AGENT,
                "%s at %s does not know an active agent %s. Start the agent, and see in its log that it registered and activated"
                    .formatted(correspondent.name(), correspondent.endpoint(), id)));
  }

  /** All that it knows. */
  List<AgentId> list() {
    return correspondent
        .results(correspondent.get(path.agents()), "the list of agents", AgentList::parse)
        .agents();
  }

  /** Forgets a registration. */
  Removal delete(AgentId id) {
    Correspondent.Reply reply = correspondent.delete(path.agent(id));
    if (reply.status() == NOT_FOUND) {
      return Removal.WAS_UNKNOWN;
    }
    correspondent.requireSuccess(reply, "to forget agent " + id);
    return Removal.REMOVED;
  }
}
