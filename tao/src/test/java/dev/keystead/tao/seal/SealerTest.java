package dev.keystead.tao.seal;

import static dev.keystead.tao.seal.Seals.CLOCK;
import static dev.keystead.tao.seal.Seals.NOW;
import static dev.keystead.tao.seal.Seals.OTHER;
import static dev.keystead.tao.seal.Seals.PROGRAM;
import static dev.keystead.tao.seal.Seals.PUBLISHER;
import static dev.keystead.tao.seal.Seals.approved;
import static dev.keystead.tao.seal.Seals.assertRefused;
import static dev.keystead.tao.seal.Seals.bytes;
import static dev.keystead.tao.seal.Seals.release;
import static dev.keystead.tao.seal.Seals.root;
import static dev.keystead.tao.seal.Seals.sealer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.claims.Sha256;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealPolicy.AnyApproved;
import dev.keystead.tao.SealPolicy.ThisMeasurement;
import dev.keystead.tao.SealPolicy.UpgradeSet;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sealed blob keeps, from whom, and what becomes of a changed one. */
class SealerTest {
  private static final SealPolicy SELF = new ThisMeasurement();
  private static final byte[] DATA = bytes("a secret of the program's, in clear nowhere");

  private final Sealer sealer = sealer();

  /** A policy with a caller who satisfies it. */
  record Case(SealPolicy policy, Caller caller) {}

  static List<Case> policies() {
    return List.of(
        new Case(SELF, PROGRAM),
        new Case(new UpgradeSet(PUBLISHER, "db", 7), release("db 7", "db", 7)),
        new Case(new AnyApproved(), approved("a program", NOW.plus(Duration.ofDays(1)))));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void whatIsSealedIsUnsealed(Case c) throws Exception {
    SealedBlob blob = sealer.seal(c.caller, c.policy, DATA);
    assertThat(sealer.unseal(c.caller, blob)).isEqualTo(DATA);
    assertThat(sealer().unseal(c.caller, blob)).isEqualTo(DATA);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 32, 4096, Tao.MAX_SEALED})
  void dataOfAnySizeUpToTheLimitComesBack(int size) throws Exception {
    byte[] data = new byte[size];
    new Random(size).nextBytes(data);
    assertThat(sealer.unseal(PROGRAM, sealer.seal(PROGRAM, SELF, data))).isEqualTo(data);
  }

  @Test
  void moreDataThanTheLimitIsNotSealed() {
    assertThatThrownBy(() -> sealer.seal(PROGRAM, SELF, new byte[Tao.MAX_SEALED + 1]))
        .isInstanceOfSatisfying(
            TaoException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID));
  }

  @Test
  void twoSealsOfEqualDataDifferInEverythingThatIsNotTheSameByDefinition() throws Exception {
    Set<String> tails = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      byte[] blob = sealer.seal(PROGRAM, SELF, DATA).bytes();
      byte[] random = Arrays.copyOfRange(blob, 85, blob.length);
      tails.add(new String(random, StandardCharsets.ISO_8859_1));
      tails.add(new String(random, 0, 16, StandardCharsets.ISO_8859_1));
      tails.add(new String(random, 28, 32, StandardCharsets.ISO_8859_1));
    }
    assertThat(tails).hasSize(3000);
  }

  @Test
  void theDataIsNotInTheBlob() throws Exception {
    String blob = new String(sealer.seal(PROGRAM, SELF, DATA).bytes(), StandardCharsets.ISO_8859_1);
    for (int i = 0; i + 4 <= DATA.length; i++) {
      assertThat(blob).doesNotContain(new String(DATA, i, 4, StandardCharsets.ISO_8859_1));
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aBlobWithAnyBitFlippedIsRefused(Case c) throws Exception {
    byte[] blob = sealer.seal(c.caller, c.policy, DATA).bytes();
    for (int bit = 0; bit < blob.length * 8; bit++) {
      byte[] flipped = blob.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(sealer, c.caller, flipped);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aBlobThatIsCutOffAnywhereIsRefused(Case c) throws Exception {
    byte[] blob = sealer.seal(c.caller, c.policy, DATA).bytes();
    for (int size = 1; size < blob.length; size++) {
      assertRefused(sealer, c.caller, Arrays.copyOf(blob, size));
      assertRefused(sealer, c.caller, Arrays.copyOfRange(blob, size, blob.length));
    }
  }

  @Test
  void aBlobWithSomethingBehindItIsRefused() throws Exception {
    byte[] blob = sealer.seal(PROGRAM, SELF, DATA).bytes();
    for (int more : new int[] {1, 16, 4096}) {
      assertRefused(sealer, PROGRAM, Arrays.copyOf(blob, blob.length + more));
    }
  }

  @Test
  void bytesThatWereNeverSealedAreRefused() {
    Random random = new Random(5);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(300)];
      random.nextBytes(bytes);
      assertRefused(sealer, PROGRAM, bytes);
    }
  }

  @Test
  void theHeadOfOneBlobWithTheDataOfAnotherIsRefused() throws Exception {
    byte[] one = sealer.seal(PROGRAM, SELF, DATA).bytes();
    byte[] two = sealer.seal(PROGRAM, SELF, DATA).bytes();
    for (int cut = 86; cut < one.length; cut++) {
      byte[] mixed = one.clone();
      System.arraycopy(two, cut, mixed, cut, two.length - cut);
      assertRefused(sealer, PROGRAM, mixed);
    }
  }

  @Test
  void anotherHostRefusesTheBlobEvenWithTheSameSecret() throws Exception {
    byte[] blob = sealer.seal(PROGRAM, SELF, DATA).bytes();
    assertRefused(new Sealer(root("a secret", "another host"), CLOCK), PROGRAM, blob);
    assertRefused(new Sealer(root("another secret", "a host"), CLOCK), PROGRAM, blob);
    assertRefused(new Sealer(root("another secret", "another host"), CLOCK), PROGRAM, blob);
  }

  @Test
  void aBlobThatIsRelabelledForAnotherHostIsRefusedThere() throws Exception {
    Sealer there = new Sealer(root("a secret", "another host"), CLOCK);
    byte[] blob = sealer.seal(PROGRAM, SELF, DATA).bytes();
    byte[] theirs = there.seal(PROGRAM, SELF, DATA).bytes();
    System.arraycopy(theirs, 0, blob, 0, 45);
    assertRefused(there, PROGRAM, blob);
  }

  @Test
  void theSameHostUnderAnotherPolicyKeyOpensNothing() throws Exception {
    byte[] blob = sealer.seal(PROGRAM, SELF, DATA).bytes();
    PolicyKey other = PolicyKey.of(Seals.pair().getPublic().getEncoded());
    SealingRoot root =
        new SealingRoot(Sha256.of(bytes("a secret")), Sha256.of(bytes("a host")), other);
    assertRefused(new Sealer(root, CLOCK), PROGRAM, blob);
  }

  @Test
  void anotherProgramIsRefusedWhateverTheHeaderSays() throws Exception {
    byte[] blob = sealer.seal(PROGRAM, SELF, DATA).bytes();
    assertRefused(sealer, OTHER, blob);
    System.arraycopy(OTHER.measurement().bytes(), 0, blob, 45, 32);
    assertRefused(sealer, OTHER, blob);
  }

  @Test
  void aLaterVersionOfThePublisherUnsealsAndAnEarlierOneDoesNot() throws Exception {
    SealPolicy set = new UpgradeSet(PUBLISHER, "db", 7);
    Caller seven = release("db 7", "db", 7);
    byte[] blob = sealer.seal(seven, set, DATA).bytes();
    Caller eight = release("db 8", "db", 8);
    assertThat(sealer.unseal(eight, new SealedBlob(blob))).isEqualTo(DATA);
    Caller last = release("db last", "db", Long.MAX_VALUE);
    assertThat(sealer.unseal(last, new SealedBlob(blob))).isEqualTo(DATA);
    assertRefused(sealer, release("db 6", "db", 6), blob);
    assertRefused(sealer, OTHER, blob);
  }

  @Test
  void anotherProductOrPublisherIsRefusedWhateverItsVersion() throws Exception {
    SealPolicy set = new UpgradeSet(PUBLISHER, "db", 7);
    byte[] blob = sealer.seal(release("db 7", "db", 7), set, DATA).bytes();
    KeyPair stranger = Seals.pair();
    assertRefused(sealer, release("web 9", "web", 9), blob);
    assertRefused(sealer, release("db 9", "DB", 9), blob);
    assertRefused(sealer, release("forged 9", stranger, "db", 9), blob);
  }

  @Test
  void whoeverIsNotInASetSealsNothingForIt() {
    Caller six = release("db 6", "db", 6);
    Caller expired = approved("a program", NOW.minusSeconds(1));
    for (Case c :
        List.of(
            new Case(new UpgradeSet(PUBLISHER, "db", 7), OTHER),
            new Case(new UpgradeSet(PUBLISHER, "db", 7), six),
            new Case(new AnyApproved(), OTHER),
            new Case(new AnyApproved(), six),
            new Case(new AnyApproved(), expired))) {
      assertThatThrownBy(() -> sealer.seal(c.caller, c.policy, DATA))
          .isInstanceOfSatisfying(
              TaoException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_PERMITTED));
    }
  }

  @Test
  void anyApprovedProgramUnsealsForAsLongAsItIsApproved() throws Exception {
    Caller one = approved("one", NOW.plusSeconds(60));
    byte[] blob = sealer.seal(one, new AnyApproved(), DATA).bytes();
    Caller two = approved("two", NOW.plusSeconds(60));
    assertThat(sealer.unseal(two, new SealedBlob(blob))).isEqualTo(DATA);
    assertRefused(sealer, new Caller(one.measurement()), blob);
    Sealer later = new Sealer(root("a secret", "a host"), InstantSource.fixed(NOW.plusSeconds(60)));
    assertRefused(later, two, blob);
    Sealer earlier =
        new Sealer(root("a secret", "a host"), InstantSource.fixed(NOW.minusSeconds(3661)));
    assertRefused(earlier, two, blob);
  }

  @Test
  void aCredentialOfAnotherProgramIsNotTheCallers() {
    Credential release = release("another program", "db", 7).credentials().getFirst();
    assertThatThrownBy(() -> new Caller(PROGRAM.measurement(), List.of(release)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyThreadsSealAndUnsealAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        byte[] data = bytes("data of thread " + i);
        results.add(
            threads.submit(() -> {
              for (int round = 0; round < 50; round++) {
                SealedBlob blob = sealer.seal(PROGRAM, SELF, data);
                byte[] broken = blob.bytes().clone();
                broken[broken.length - 1] ^= 1;
                assertRefused(sealer, PROGRAM, broken);
                assertThat(sealer.unseal(PROGRAM, blob)).isEqualTo(data);
              }
              return true;
            }));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  @Test
  void keysOfDifferentPurposesDiffer() {
    SealingRoot root = root("a secret", "a host");
    assertThat(root.derive("one")).isNotEqualTo(root.derive("two")).hasSize(32);
    assertThat(root.derive("one")).isEqualTo(root("a secret", "a host").derive("one"));
    assertThat(root.toString()).isEqualTo("SealingRoot");
  }

  @Test
  void aBlobIsWhatTheDocumentationSays() throws Exception {
    SealPolicy set = new UpgradeSet(PUBLISHER, "db", 7);
    Caller seven = release("db 7", "db", 7);
    ByteBuffer blob = ByteBuffer.wrap(sealer.seal(seven, set, DATA).bytes());
    byte[] prk = Hkdf.extract(bytes("keystead/seal/1"), Sha256.of(bytes("a secret")));
    byte[] context = new byte[1 + 64];
    System.arraycopy(Seals.OWNER.digest(), 0, context, 1, 32);
    System.arraycopy(Sha256.of(bytes("a host")), 0, context, 33, 32);
    byte[] key = Hkdf.expand(prk, bytes("keystead/blob/1"), context);
    byte[] keyId = Hkdf.expand(prk, bytes("keystead/blob-key-id/1"), context);
    assertThat(take(blob, 4)).isEqualTo(new byte[] {'K', 'S', 'B', 1});
    assertThat(take(blob, 1)).isEqualTo(new byte[] {2});
    assertThat(take(blob, 8)).isEqualTo(Arrays.copyOf(keyId, 8));
    assertThat(take(blob, 32)).isEqualTo(Sha256.of(bytes("a host")));
    assertThat(take(blob, 32)).isEqualTo(seven.measurement().bytes());
    assertThat(blob.getLong()).isZero();
    byte[] salt = take(blob, 16);
    byte[] nonce = take(blob, 12);
    assertThat(blob.position()).isEqualTo(113);
    assertThat(take(blob, 32)).isEqualTo(PUBLISHER.digest());
    assertThat(blob.getLong()).isEqualTo(7);
    assertThat(take(blob, 3)).isEqualTo(new byte[] {2, 'd', 'b'});
    byte[] header = Arrays.copyOf(blob.array(), blob.position());
    byte[] blobKey = Hkdf.expand(key, bytes("keystead/blob/1"), salt);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE, new SecretKeySpec(blobKey, "AES"), new GCMParameterSpec(128, nonce));
    cipher.updateAAD(header);
    assertThat(cipher.doFinal(take(blob, DATA.length + 16))).isEqualTo(DATA);
    assertThat(blob.hasRemaining()).isFalse();
  }

  private static byte[] take(ByteBuffer from, int size) {
    byte[] bytes = new byte[size];
    from.get(bytes);
    return bytes;
  }
}
