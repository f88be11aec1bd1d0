package dev.keystead.tenant;

import dev.keystead.keylime.AgentId;

/** What became of an agent that was deleted. */
public record Deleted(AgentId id, Removal atVerifier, Removal atRegistrar) {}
