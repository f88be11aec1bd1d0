package dev.keystead.tao.seal;

import static dev.keystead.tao.seal.Seals.NOW;
import static dev.keystead.tao.seal.Seals.OWNER;
import static dev.keystead.tao.seal.Seals.OWNER_PAIR;
import static dev.keystead.tao.seal.Seals.PUBLISHER_PAIR;
import static dev.keystead.tao.seal.Seals.measurement;
import static dev.keystead.tao.seal.Seals.signer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.claims.KeyPrincipal;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborMap;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.claims.cose.Sign1;
import dev.keystead.claims.cose.Signer;
import dev.keystead.claims.cose.SigningKey;
import dev.keystead.claims.cose.VerifyingKey;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.attestation.Validity;
import dev.keystead.tao.seal.CredentialException.Reason;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What publishers and owner sign, and what becomes of it when somebody else has touched it. */
class CredentialTest {
  private static final Measurement DB = measurement("db");
  private static final Validity DAY = Validity.from(NOW, Duration.ofDays(1));
  private static final Permission.Key FILES = new Permission.Key(measurement("old db"), "files");
  private static final SigningKey OWNERS = signer(OWNER_PAIR);
  private static final VerifyingKey PUBLISHER = new VerifyingKey(PUBLISHER_PAIR.getPublic());

  /** Verifies a signed word. */
  interface Verifier {
    Object verify(byte[] signed) throws CredentialException;
  }

  /** A kind of signed word. */
  record Kind(String name, byte[] signed, Verifier verifier) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Kind> kinds() throws CredentialException {
    return List.of(
        new Kind(
            "release",
            Release.sign(signer(PUBLISHER_PAIR), PUBLISHER, "db", 7, DB),
            Release::verify),
        new Kind(
            "approval",
            Approval.sign(OWNERS, OWNER, DB, DAY),
            signed -> Approval.verify(signed, OWNER)),
        new Kind(
            "permission",
            Permission.sign(OWNERS, OWNER, DB, FILES, DAY),
            signed -> Permission.verify(signed, OWNER)),
        new Kind(
            "new start",
            NewStart.sign(OWNERS, OWNER, new byte[32], 17),
            signed -> NewStart.verify(signed, OWNER)));
  }

  private static void assertRefused(Reason reason, Verifier verifier, byte[] signed) {
    assertThatThrownBy(() -> verifier.verify(signed))
        .isInstanceOfSatisfying(
            CredentialException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatWasSignedIsVerified(Kind kind) throws Exception {
    assertThat(kind.verifier.verify(kind.signed)).isNotNull();
    assertThat(kind.signed).hasSizeLessThan(512);
  }

  @Test
  void everyFieldComesBack() throws Exception {
    Release release = Release.verify(Release.sign(signer(PUBLISHER_PAIR), PUBLISHER, "db", 7, DB));
    assertThat(release.publisher()).isEqualTo(Seals.PUBLISHER);
    assertThat(release.product()).isEqualTo("db");
    assertThat(release.version()).isEqualTo(7);
    assertThat(release.measurement()).isEqualTo(DB);
    Approval approval = Approval.verify(Approval.sign(OWNERS, OWNER, DB, DAY), OWNER);
    assertThat(approval.measurement()).isEqualTo(DB);
    assertThat(approval.holdsAt(NOW)).isTrue();
    assertThat(approval.holdsAt(NOW.plus(Duration.ofDays(1)))).isFalse();
    Permission permission =
        Permission.verify(Permission.sign(OWNERS, OWNER, DB, FILES, DAY), OWNER);
    assertThat(permission.measurement()).isEqualTo(DB);
    assertThat(permission.allows(FILES, NOW)).isTrue();
    assertThat(permission.allows(FILES, NOW.plus(Duration.ofDays(1)))).isFalse();
    assertThat(permission.allows(new Permission.Key(FILES.keeper(), "other"), NOW)).isFalse();
    assertThat(permission.allows(new Permission.Key(DB, "files"), NOW)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aWordWithAnyByteChangedIsRefused(Kind kind) {
    Random random = new Random(9052);
    for (int at = 0; at < kind.signed.length; at++) {
      byte[] flipped = kind.signed.clone();
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> kind.verifier.verify(flipped))
          .isInstanceOf(CredentialException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aWordThatIsCutOffOrGoesOnIsRefused(Kind kind) {
    for (int size = 0; size < kind.signed.length; size++) {
      assertRefused(Reason.MALFORMED, kind.verifier, Arrays.copyOf(kind.signed, size));
    }
    int more = kind.signed.length + 1;
    assertRefused(Reason.MALFORMED, kind.verifier, Arrays.copyOf(kind.signed, more));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aWordOfAnotherKindIsRefused(Kind kind) throws Exception {
    for (Kind other : kinds()) {
      if (!other.name.equals(kind.name)) {
        assertThatThrownBy(() -> kind.verifier.verify(other.signed))
            .isInstanceOf(CredentialException.class);
      }
    }
  }

  @Test
  void theWordOfAnotherOwnerIsRefused() throws Exception {
    KeyPair stranger = Seals.pair();
    PolicyKey theirs = PolicyKey.of(stranger.getPublic().getEncoded());
    byte[] approval = Approval.sign(signer(stranger), theirs, DB, DAY);
    assertRefused(Reason.OTHER_KEY, s -> Approval.verify(s, OWNER), approval);
    byte[] permission = Permission.sign(signer(stranger), theirs, DB, FILES, DAY);
    assertRefused(Reason.OTHER_KEY, s -> Permission.verify(s, OWNER), permission);
    byte[] order = NewStart.sign(signer(stranger), theirs, new byte[32], 1);
    assertRefused(Reason.OTHER_KEY, s -> NewStart.verify(s, OWNER), order);
    assertThatThrownBy(() -> Approval.sign(signer(stranger), OWNER, DB, DAY))
        .isInstanceOf(CredentialException.class);
    assertThatThrownBy(() -> Release.sign(signer(stranger), PUBLISHER, "db", 7, DB))
        .isInstanceOf(CredentialException.class);
  }

  @Test
  void theOwnersWordForAnotherDomainIsRefused() throws Exception {
    CborMap fields = DAY.put(SignedWord.about(DB), 7, 8).put(10, Cbor.of(new byte[32]));
    byte[] approval = SignedWord.sign(OWNERS, Approval.CONTEXT, fields);
    assertRefused(Reason.MALFORMED, s -> Approval.verify(s, OWNER), approval);
  }

  @Test
  void aReleaseUnderThePublishersNameThatSomebodyElseSignedIsRefused() throws Exception {
    KeyPair stranger = Seals.pair();
    CborMap fields =
        SignedWord.about(DB)
            .put(2, Cbor.of("db"))
            .put(3, Cbor.of(7))
            .put(5, Cbor.of(PUBLISHER_PAIR.getPublic().getEncoded()));
    byte[] forged = SignedWord.sign(signer(stranger), Release.CONTEXT, fields);
    assertRefused(Reason.OTHER_KEY, Release::verify, forged);
    byte[] renamed =
        SignedWord.sign(new Renamed(signer(stranger), PUBLISHER), Release.CONTEXT, fields);
    assertRefused(Reason.BAD_SIGNATURE, Release::verify, renamed);
  }

  /** Signs with one key under the name of another. */
  private record Renamed(SigningKey key, VerifyingKey name) implements Signer {
    @Override
    public long algorithm() {
      return key.algorithm();
    }

    @Override
    public KeyPrincipal principal() {
      return name.principal();
    }

    @Override
    public byte[] sign(byte[] toBeSigned) throws CoseException {
      return key.sign(toBeSigned);
    }
  }

  @Test
  void fieldsThatNobodyKnowsMissingFieldsAndLaterVersionsAreRefused() throws Exception {
    List<CborMap> malformed = new ArrayList<>();
    malformed.add(DAY.put(SignedWord.about(DB), 7, 8).put(99, Cbor.of(1)));
    malformed.add(SignedWord.about(DB));
    malformed.add(DAY.put(SignedWord.fields(), 7, 8));
    malformed.add(DAY.put(SignedWord.fields().put(4, Cbor.of(new byte[31])), 7, 8));
    CborMap later = new CborMap().put(1, Cbor.of(2)).put(4, Cbor.of(DB.bytes()));
    malformed.add(DAY.put(later, 7, 8));
    for (CborMap fields : malformed) {
      byte[] signed = SignedWord.sign(OWNERS, OWNER, Approval.CONTEXT, fields);
      assertRefused(Reason.MALFORMED, s -> Approval.verify(s, OWNER), signed);
    }
  }

  @Test
  void nothingTravelsWithASignedWord() throws Exception {
    Sign1 approval = Sign1.parse(Approval.sign(OWNERS, OWNER, DB, DAY), SignedWord.MAX_SIZE);
    Cbor.Map more = new CborMap().put(99, Cbor.of(1)).toCbor();
    byte[] signed =
        new Sign1(
                approval.algorithm(),
                approval.keyId(),
                more,
                approval.payload(),
                approval.signature())
            .encode();
    assertRefused(Reason.MALFORMED, s -> Approval.verify(s, OWNER), signed);
  }

  @Test
  void aPublisherMayHaveAnEd25519Key() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    VerifyingKey key = new VerifyingKey(pair.getPublic());
    Release release = Release.verify(Release.sign(signer(pair), key, "db", 1, DB));
    assertThat(release.publisher()).isEqualTo(key.principal());
  }
}
