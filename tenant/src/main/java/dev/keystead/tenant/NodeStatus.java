package dev.keystead.tenant;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.registration.AgentRecord;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import java.util.Optional;

/**
 * How an agent stands.
 *
 * @param registered what the registrar knows, when it is active there
 * @param attested what the verifier knows, when it is enrolled there
 */
public record NodeStatus(
    AgentId id, Optional<AgentRecord> registered, Optional<VerifierAgentStatus> attested) {}
