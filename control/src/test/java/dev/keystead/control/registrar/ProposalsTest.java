package dev.keystead.control.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.registrar.Candidate.TpmKeys;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.bootstrap.AuthTag;
import dev.keystead.keylime.registration.ChallengeBlob;
import dev.keystead.keylime.registration.ChallengeSecret;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ProposalsTest {
  private static final AgentId ID = AgentId.of("node");

  private final AtomicLong now = new AtomicLong(1_000_000_000L);
  private final Proposals proposals = with(100, 10, 1 << 20);

  @Test
  void aHundredThousandProposalsTakeBoundedMemory() {
    for (int i = 0; i < 100_000; i++) {
      open(AgentId.of("node-" + i), i % 60_000 + 1, 10);
    }
    assertThat(proposals.size()).isEqualTo(100);
  }

  @Test
  void oneIdCannotPushOutTheOthers() {
    AuthTag tag = open(AgentId.of("other"), 1, 10);
    for (int i = 1; i <= 1000; i++) {
      open(ID, i, 10);
    }
    assertThat(proposals.size()).isEqualTo(11);
    assertThat(proposals.take(AgentId.of("other"), tag)).isPresent();
  }

  @Test
  void theBytesOfAllAreBounded() {
    Proposals small = with(1000, 1000, 10_000);
    for (int i = 1; i <= 100; i++) {
      open(small, AgentId.of("node-" + i), i, 2000);
    }
    assertThat(small.size()).isBetween(1, 4);
  }

  @Test
  void aChallengeIsForgottenWhenItsTimeIsOver() {
    AuthTag tag = open(ID, 1, 10);
    now.addAndGet(Duration.ofMinutes(1).toMillis() + 1);
    assertThat(proposals.take(ID, tag)).isEmpty();
    assertThat(proposals.size()).isZero();
  }

  @Test
  void aTagOpensOnlyTheIdItWasMadeFor() {
    AuthTag tag = open(ID, 1, 10);
    assertThat(proposals.take(AgentId.of("other"), tag)).isEmpty();
    assertThat(proposals.take(ID, tag)).isPresent();
    assertThat(proposals.take(ID, tag)).isEmpty();
  }

  @Test
  void aChallengeThatIsSoonOverIsNotGivenOutAgain() {
    AuthTag first = open(ID, 1, 10);
    now.addAndGet(Duration.ofSeconds(31).toMillis());
    AuthTag second = open(ID, 1, 10);
    assertThat(second).isNotEqualTo(first);
    assertThat(proposals.size()).isEqualTo(1);
    assertThat(proposals.take(ID, second)).isPresent();
  }

  private Proposals with(int total, int perAgent, long bytes) {
    return new Proposals(
        new Proposals.Limits(total, perAgent, bytes, Duration.ofMinutes(1)),
        () -> Instant.ofEpochMilli(now.get()),
        new SecureRandom());
  }

  private AuthTag open(AgentId id, int port, int ekBytes) {
    return open(proposals, id, port, ekBytes);
  }

  /** Proposes, and answers as the TPM would. */
  private static AuthTag open(Proposals proposals, AgentId id, int port, int ekBytes) {
    AtomicReference<byte[]> secret = new AtomicReference<>(new byte[1]);
    Candidate candidate =
        new Candidate(
            id,
            new TpmKeys(
                new byte[ekBytes],
                new byte[34],
                Optional.empty(),
                new byte[10],
                new byte[34],
                Optional.empty()),
            Optional.of(new ContactAddress("127.0.0.1", port)),
            Optional.empty());
    var _ =
        proposals.open(
            candidate,
            hidden -> {
              secret.set(hidden.clone());
              return new ChallengeBlob(new byte[0], new byte[0]);
            });
    return ChallengeSecret.adopt(secret.get()).authTag(id);
  }
}
