package dev.keystead.tenant;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.bootstrap.AuthTag;
import dev.keystead.keylime.bootstrap.BootstrapKey;
import dev.keystead.keylime.bootstrap.VerifyChallenge;
import dev.keystead.keylime.bootstrap.VerifyReply;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import dev.keystead.tenant.TenantException.Problem;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * A challenge that only the holder of one bootstrap key can answer. It is made while the owner has
 * the key and outlives it, so that the key need not be kept while the owner waits.
 */
final class KeyProof {
  private static final Duration FIRST = Duration.ofMillis(5);
  private static final Duration LONGEST = Duration.ofMillis(500);
  private final VerifyChallenge challenge;
  private final AuthTag expected;

  KeyProof(BootstrapKey key, SecureRandom random) {
    challenge = VerifyChallenge.generate(random);
    expected = key.answer(challenge);
  }

  /** Asks until the agent answers; gives up at once when the verifier does not trust it. */
  void await(AgentId id, Agent agent, Verifier verifier, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    Duration pause = FIRST;
    Optional<VerifyReply> answer = agent.proveKey(challenge);
    while (answer.isEmpty()) {
      VerifierAgentStatus status = verifier.find(id).orElseThrow(() -> verifier.unknown(id));
      requireTrusted(id, status);
      if (System.nanoTime() - deadline > 0) {
        throw new TenantException(
            Problem.UNREACHABLE,
            "agent %s has not got its bootstrap key within %d ms; its verifier says %s, %s. It stays enrolled: ask for its status"
                .formatted(id, patience.toMillis(), status.state(), status.attestationStatus()));
      }
      Pause.of(pause, "for agent " + id + " to get its bootstrap key");
      pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
      answer = agent.proveKey(challenge);
    }
    if (!answer.get().hmac().equals(expected)) {
      throw new TenantException(
          Problem.NOT_TRUSTED,
          "agent %s answers with another bootstrap key than the one it was given. It stays enrolled: see what else was enrolled under this id, and delete it"
              .formatted(id));
    }
  }

  private static void requireTrusted(AgentId id, VerifierAgentStatus status) {
    switch (status.state()) {
      case FAILED, TERMINATED, INVALID_QUOTE, TENANT_FAILED ->
          throw new TenantException(
              Problem.NOT_TRUSTED,
              "agent %s is not trusted by its verifier: %s%s. It got the payload, and not the verifier's half of its key"
                  .formatted(
                      id,
                      status.state(),
                      status.lastEvent().map(event -> ", " + event.id()).orElse("")));
      case REGISTERED, START, SAVED, GET_QUOTE, GET_QUOTE_RETRY, PROVIDE_V, PROVIDE_V_RETRY -> {}
    }
  }
}
