package dev.keystead.tenant;

import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.AgentList;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import dev.keystead.tenant.TenantException.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The verifier as the owner uses it (section 7 of the wire). */
final class Verifier {
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final Duration REMOVAL_POLL = Duration.ofMillis(100);
  private final Correspondent correspondent;
  private final VersionedPath path;

  Verifier(Correspondent correspondent) {
    this.correspondent = correspondent;
    this.path = VersionedPath.agree(correspondent);
  }

  /** Gives it an agent to watch. */
  void add(AgentId id, VerifierAgentAdd enrolment) {
    Correspondent.Reply reply = correspondent.post(path.agent(id), enrolment.toJson());
    if (reply.status() == CONFLICT) {
      throw correspondent.refused(
          reply,
          "to enrol agent " + id,
          "If the agent is enrolled already, delete it first; if a policy of this name exists,"
              + " choose another name.");
    }
    correspondent.requireSuccess(reply, "to enrol agent " + id);
  }

  /** How an agent stands, if it is watched. */
  Optional<VerifierAgentStatus> find(AgentId id) {
    Correspondent.Reply reply = correspondent.get(path.agent(id));
    return reply.status() == NOT_FOUND
        ? Optional.empty()
        : Optional.of(
            correspondent.results(reply, "the status of " + id, VerifierAgentStatus::parse));
  }

  /** How all stand that it watches, in one question; of one verifier if its id is given. */
  SortedMap<AgentId, VerifierAgentStatus> all(Optional<String> verifierId) {
    String query = "agents/?bulk=True" + verifierId.map(id -> "&verifier=" + id).orElse("");
    return correspondent.results(
        correspondent.get(path.path(query)),
        "how its agents stand",
        results ->
            Message.read(
                results,
                fields -> {
                  SortedMap<AgentId, VerifierAgentStatus> all = new TreeMap<>();
                  for (String name : fields.names()) {
                    all.put(
                        AgentId.of(name), VerifierAgentStatus.parse(fields.field(name).value()));
                  }
                  return all;
                }));
  }

  /** Stops watching an agent, which stays enrolled. */
  void stop(AgentId id) {
    Correspondent.Reply reply =
        correspondent.put(path.path("agents/" + id + "/stop"), Json.object().build());
    if (reply.status() == NOT_FOUND) {
      throw unknown(id);
    }
    correspondent.requireSuccess(reply, "to stop watching agent " + id);
  }

  /** All that it watches. */
  List<AgentId> list() {
    return correspondent
        .results(correspondent.get(path.agents()), "the list of agents", AgentList::parse)
        .agents();
  }

  /** Watches an agent again that was stopped or failed. */
  void reactivate(AgentId id) {
    Correspondent.Reply reply =
        correspondent.put(path.path("agents/" + id + "/reactivate"), Json.object().build());
    if (reply.status() == NOT_FOUND) {
      throw unknown(id);
    }
    correspondent.requireSuccess(reply, "to reactivate agent " + id);
  }

  /** Stops watching an agent and forgets it; waits until that is done. */
  Removal delete(AgentId id, Duration patience) {
    Correspondent.Reply reply = correspondent.delete(path.agent(id));
    if (reply.status() == NOT_FOUND) {
      return Removal.WAS_UNKNOWN;
    }
    correspondent.requireSuccess(reply, "to delete agent " + id);
    long deadline = System.nanoTime() + patience.toNanos();
    while (reply.status() == 202 && find(id).isPresent()) {
      if (System.nanoTime() - deadline > 0) {
        throw new TenantException(
            Problem.UNREACHABLE,
            "%s at %s took the order to delete agent %s, and has not done so within %d s"
                .formatted(
                    correspondent.name(), correspondent.endpoint(), id, patience.toSeconds()));
      }
      Pause.of(REMOVAL_POLL, "for the verifier to delete agent " + id);
    }
    return Removal.REMOVED;
  }

  TenantException unknown(AgentId id) {
    return new TenantException(
        Problem.UNKNOWN_AGENT,
        "%s at %s does not know agent %s. Enrol it first"
            .formatted(correspondent.name(), correspondent.endpoint(), id));
  }
}
