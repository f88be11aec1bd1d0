package dev.keystead.tenant;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.quote.AcceptLists;
import java.time.Duration;
import java.util.Optional;

/**
 * The owner's wish to enrol an agent.
 *
 * @param payload what it is to receive
 * @param policies what it is to be judged by
 * @param endorsement what is asked of its endorsement key
 * @param accept the algorithms that are accepted of it
 * @param proveKey how long to wait for its proof that it has the bootstrap key; empty does not wait
 * @param approach how it is reached
 */
public record AddRequest(
    AgentId id,
    PayloadSource payload,
    PolicySource policies,
    Endorsement endorsement,
    AcceptLists accept,
    Optional<Duration> proveKey,
    Approach approach) {
  /** Reaches the agent as the registrar says. */
  public AddRequest(
      AgentId id,
      PayloadSource payload,
      PolicySource policies,
      Endorsement endorsement,
      AcceptLists accept,
      Optional<Duration> proveKey) {
    this(id, payload, policies, endorsement, accept, proveKey, Approach.REGISTERED);
  }
}
