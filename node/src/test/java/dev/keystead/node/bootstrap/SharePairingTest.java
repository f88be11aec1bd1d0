package dev.keystead.node.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.bootstrap.AuthTag;
import dev.keystead.keylime.bootstrap.BootstrapKey;
import dev.keystead.keylime.bootstrap.KeyShare;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Right shares among junk, in every order, and what junk costs. */
class SharePairingTest {
  private static final AgentId ID = AgentId.of("node-1");
  private static final int JUNK = 10_000;

  private final Random random = new Random(3);
  private final BootstrapKey key = BootstrapKey.generate(new SecureRandom());
  private final BootstrapKey.Shares right = key.split(new SecureRandom());
  private final SharePairing pairing = new SharePairing(ID, SharePairing.Limits.DEFAULT);
  private Optional<SharePairing.Pair> found = Optional.empty();

  @Test
  void aPairIsFoundInEitherOrder() {
    offer(u("tenant"));
    offer(v("verifier"));
    assertThat(found.orElseThrow().key()).isEqualTo(key);
    SharePairing other = new SharePairing(ID, SharePairing.Limits.DEFAULT);
    assertThat(other.offer(v("verifier")).pair()).isEmpty();
    assertThat(other.offer(u("tenant")).pair().orElseThrow().key()).isEqualTo(key);
  }

  @Test
  void aTagOfAnotherAgentDoesNotFit() {
    SharePairing other = new SharePairing(AgentId.of("node-2"), SharePairing.Limits.DEFAULT);
    other.offer(u("tenant"));
    assertThat(other.offer(v("verifier")).pair()).isEmpty();
  }

  @Test
  void tenThousandJunkSharesBeforeTheRightOnesCostBoundedWork() {
    for (int i = 0; i < JUNK; i++) {
      offer(i % 2 == 0 ? junkU("tenant") : junkV("tenant"));
    }
    offer(u("tenant"));
    offer(v("tenant"));
    assertThat(found.orElseThrow().key()).isEqualTo(key);
    assertThat(pairing.attempts())
        .isLessThanOrEqualTo((JUNK + 2L) * SharePairing.Limits.DEFAULT.attempts());
  }

  @Test
  void aRightUFollowedByTenThousandJunkSharesIsStillFound() {
    offer(u("tenant"));
    for (int i = 0; i < JUNK; i++) {
      offer(i % 2 == 0 ? junkU("tenant") : junkV("tenant"));
    }
    offer(v("tenant"));
    assertThat(found.orElseThrow().key()).isEqualTo(key);
  }

  @Test
  void aRightVInTheMiddleOfJunkIsFoundBySearchingOn() {
    for (int i = 0; i < 3000; i++) {
      offer(junkV("attacker"));
    }
    offer(v("verifier"));
    for (int i = 0; i < 3000; i++) {
      offer(junkV("attacker"));
    }
    offer(u("tenant"));
    assertThat(found).isEmpty();
    for (int i = 0; i < 20 && found.isEmpty(); i++) {
      found = pairing.search(512);
    }
    assertThat(found.orElseThrow().key()).isEqualTo(key);
  }

  @Test
  void anotherPostersFloodDoesNotPushTheRightShareOut() {
    offer(u("tenant"));
    for (int i = 0; i < 20_000; i++) {
      offer(junkU("attacker"));
    }
    offer(v("verifier"));
    assertThat(found.orElseThrow().key()).isEqualTo(key);
  }

  @Test
  void theSamePostersFloodLeavesItsFirstAndItsLastShares() {
    SharePairing small = new SharePairing(ID, new SharePairing.Limits(64, 1 << 20, 512));
    small.offer(u("tenant"));
    for (int i = 0; i < 1000; i++) {
      small.offer(junkU("tenant"));
    }
    assertThat(small.offer(v("tenant")).pair()).isPresent();
    SharePairing late = new SharePairing(ID, new SharePairing.Limits(64, 1 << 20, 512));
    for (int i = 0; i < 1000; i++) {
      late.offer(junkU("tenant"));
    }
    late.offer(u("tenant"));
    assertThat(late.offer(v("tenant")).pair()).isPresent();
  }

  @Test
  void largePayloadsArePushedOutToo() {
    SharePairing small = new SharePairing(ID, new SharePairing.Limits(64, 1000, 512));
    small.offer(u("tenant"));
    int evicted = 0;
    for (int i = 0; i < 20; i++) {
      PostedShare junk = junkU("attacker");
      PostedShare.Owner owner =
          new PostedShare.Owner(junk.owner().orElseThrow().tag(), new byte[300]);
      evicted +=
          small
              .offer(new PostedShare("attacker", junk.share(), Optional.of(owner)))
              .evicted()
              .size();
    }
    assertThat(evicted).isEqualTo(17);
    assertThat(small.offer(v("verifier")).pair()).isPresent();
  }

  @Test
  void theSameShareAgainIsNotKeptTwice() {
    assertThat(pairing.offer(u("tenant")).fresh()).isTrue();
    assertThat(pairing.offer(u("attacker")).fresh()).isFalse();
  }

  @Test
  void sharesOfDifferentSizesNeverFit() {
    offer(u("tenant"));
    offer(new PostedShare("x", KeyShare.adopt(new byte[16]), Optional.empty()));
    assertThat(found).isEmpty();
  }

  private void offer(PostedShare share) {
    found = found.or(() -> pairing.offer(share).pair());
  }

  private PostedShare u(String poster) {
    return new PostedShare(
        poster,
        KeyShare.adopt(right.u().copy()),
        Optional.of(new PostedShare.Owner(key.authTag(ID), new byte[0])));
  }

  private PostedShare v(String poster) {
    return new PostedShare(poster, KeyShare.adopt(right.v().copy()), Optional.empty());
  }

  private PostedShare junkU(String poster) {
    AuthTag tag = AuthTag.parse(HexFormat.of().formatHex(bytes(48)), "auth_tag");
    return new PostedShare(
        poster, KeyShare.adopt(bytes(32)), Optional.of(new PostedShare.Owner(tag, new byte[0])));
  }

  private PostedShare junkV(String poster) {
    return new PostedShare(poster, KeyShare.adopt(bytes(32)), Optional.empty());
  }

  private byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }
}
