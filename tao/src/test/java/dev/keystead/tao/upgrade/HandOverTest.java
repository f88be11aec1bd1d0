package dev.keystead.tao.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.claims.Segment;
import dev.keystead.claims.Sha256;
import dev.keystead.claims.TaoName;
import dev.keystead.claims.cose.SigningKey;
import dev.keystead.claims.cose.VerifyingKey;
import dev.keystead.tao.AttestRequest;
import dev.keystead.tao.Attestation;
import dev.keystead.tao.Domain;
import dev.keystead.tao.Machine;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealPolicy.UpgradeSet;
import dev.keystead.tao.Tao;
import dev.keystead.tao.host.HostSettings;
import dev.keystead.tao.host.ProgramStarter;
import dev.keystead.tao.host.SoftwareHost;
import dev.keystead.tao.seal.InMemory;
import dev.keystead.tao.seal.Release;
import dev.keystead.tao.upgrade.HandOverException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys on their way from an old version to a new one, and who gets between them. */
class HandOverTest {
  private static final byte[] KEYS = "all the keys".getBytes(StandardCharsets.UTF_8);
  private static final Segment OLD = program("db 7");
  private static final Segment NEW = program("db 8");
  private static final Segment EVIL = program("an attacker's");
  private static final Peer TO_NEW = peer(NEW);
  private static final Peer FROM_OLD = peer(OLD);

  @TempDir(factory = InMemory.class)
  Path directory;

  private Domain domain;
  private Machine machine;
  private SoftwareHost host;

  private static Segment program(String image) {
    return Segment.of(TaoName.PROGRAM, Sha256.of(image.getBytes(StandardCharsets.UTF_8)));
  }

  private static Peer peer(Segment program) {
    return new Peer.Program(Measurement.of(program.digest()));
  }

  @BeforeEach
  void start() throws Exception {
    domain = new Domain();
    machine = new Machine(directory.resolve("tpm"));
    host = host(domain);
  }

  @AfterEach
  void stop() throws Exception {
    machine.close();
  }

  private SoftwareHost host(Domain owner) throws Exception {
    Tao below = machine.boot("linux").host(owner);
    HostSettings settings = owner.settings(below.getHostedMeasurement().segment(TaoName.LINUX));
    return SoftwareHost.open(
        settings, below, SoftwareHost.create(settings, below, new SealPolicy.ThisMeasurement()));
  }

  private Tao on(SoftwareHost where, Segment program) {
    return where.hosted(program, ProgramStarter.refusing());
  }

  private Attestation give(Segment giver, Attestation question, Peer successor)
      throws HandOverException {
    return HandOver.give(on(host, giver), question, successor, KEYS, domain.verifier(), domain);
  }

  private byte[] take(HandOver asked, Attestation answer, Peer predecessor)
      throws HandOverException {
    return asked.take(answer, predecessor, domain.verifier(), domain);
  }

  private static void assertRefused(Reason reason, ThrowingCallable handOver) {
    assertThatThrownBy(handOver)
        .isInstanceOfSatisfying(
            HandOverException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void theKeysComeToTheNewVersionAndAreNotSeenOnTheirWay() throws Exception {
    HandOver asked = HandOver.ask(on(host, NEW));
    Attestation answer = give(OLD, asked.question(), TO_NEW);
    assertThat(take(asked, answer, FROM_OLD)).isEqualTo(KEYS);
    assertThat(new String(answer.bytes(), StandardCharsets.ISO_8859_1))
        .doesNotContain("all the keys");
    assertThat(asked.toString()).isEqualTo("HandOver");
  }

  @Test
  void asManyKeysAsTheLimitComeOverAndNotOneByteMore() throws Exception {
    byte[] many = new byte[HandOver.MAX_KEYS];
    new Random(3).nextBytes(many);
    HandOver asked = HandOver.ask(on(host, NEW));
    Attestation answer =
        HandOver.give(on(host, OLD), asked.question(), TO_NEW, many, domain.verifier(), domain);
    assertThat(take(asked, answer, FROM_OLD)).isEqualTo(many);
    assertThatThrownBy(() ->
            HandOver.give(
                on(host, OLD),
                asked.question(),
                TO_NEW,
                new byte[HandOver.MAX_KEYS + 1],
                domain.verifier(),
                domain))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aKeyThatNoHostOfTheOwnersAttestsGetsNothing() throws Exception {
    Domain stranger = new Domain();
    Path there = directory.resolve("their tpm");
    try (Machine theirs = new Machine(there)) {
      Tao below = theirs.boot("linux").host(stranger);
      HostSettings settings =
          stranger.settings(below.getHostedMeasurement().segment(TaoName.LINUX));
      SoftwareHost hostile =
          SoftwareHost.open(
              settings,
              below,
              SoftwareHost.create(settings, below, new SealPolicy.ThisMeasurement()));
      HandOver asked = HandOver.ask(on(hostile, NEW));
      assertRefused(Reason.NOT_ATTESTED, () -> give(OLD, asked.question(), TO_NEW));
    }
  }

  @Test
  void anotherProgramGetsNothing() throws Exception {
    HandOver asked = HandOver.ask(on(host, EVIL));
    assertRefused(Reason.WRONG_PROGRAM, () -> give(OLD, asked.question(), TO_NEW));
  }

  @Test
  void aHostThatHasTheMeasurementOfTheSuccessorGetsNothing() throws Exception {
    Peer linux = peer(host.name().last());
    Tao below = machine.host(domain);
    HandOver asked = HandOver.ask(below);
    assertRefused(Reason.WRONG_PROGRAM, () -> give(OLD, asked.question(), linux));
  }

  @Test
  void aQuestionThatSomebodyChangedOnItsWayGetsNothing() throws Exception {
    byte[] question = HandOver.ask(on(host, NEW)).question().bytes();
    Random random = new Random(11);
    for (int i = 0; i < 100; i++) {
      byte[] changed = question.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      assertRefused(Reason.NOT_ATTESTED, () -> give(OLD, new Attestation(changed), TO_NEW));
    }
  }

  @Test
  void aKeyThatTheSuccessorAttestedForSomethingElseGetsNothing() throws Exception {
    byte[] spki = HandOver.ask(on(host, NEW)).question().bytes();
    Attestation other = on(host, NEW).attest(spki);
    assertRefused(Reason.WRONG_PURPOSE, () -> give(OLD, other, TO_NEW));
  }

  @Test
  void whatIsNoKeyGetsNothing() throws Exception {
    List<byte[]> bad = new ArrayList<>();
    bad.add(new byte[44]);
    bad.add(Domain.keyPair().getPublic().getEncoded());
    bad.add(HexFormat.of().parseHex("302a300506032b656e032100" + "00".repeat(32)));
    bad.add(HexFormat.of().parseHex("302a300506032b656e032100" + "01" + "00".repeat(31)));
    for (byte[] spki : bad) {
      Attestation question =
          on(host, NEW).attest(new AttestRequest(HandOver.ASK, spki, Optional.empty()));
      assertRefused(Reason.MALFORMED, () -> give(OLD, question, TO_NEW));
    }
  }

  @Test
  void aQuestionThatHasExpiredGetsNothing() throws Exception {
    HandOver asked = HandOver.ask(on(host, NEW));
    domain.pass(Duration.ofHours(2));
    assertRefused(Reason.NOT_ATTESTED, () -> give(OLD, asked.question(), TO_NEW));
  }

  @Test
  void keysThatAnotherProgramSlipsInAreNotTaken() throws Exception {
    HandOver asked = HandOver.ask(on(host, NEW));
    Attestation slipped = give(EVIL, asked.question(), TO_NEW);
    assertRefused(Reason.WRONG_PROGRAM, () -> take(asked, slipped, FROM_OLD));
  }

  @Test
  void theAnswerToAnEarlierQuestionIsNotTaken() throws Exception {
    HandOver before = HandOver.ask(on(host, NEW));
    Attestation answer = give(OLD, before.question(), TO_NEW);
    HandOver asked = HandOver.ask(on(host, NEW));
    assertRefused(Reason.NOT_FOR_US, () -> take(asked, answer, FROM_OLD));
    assertThat(take(before, answer, FROM_OLD)).isEqualTo(KEYS);
  }

  @Test
  void anAnswerThatSomebodyChangedOnItsWayIsNotTaken() throws Exception {
    HandOver asked = HandOver.ask(on(host, NEW));
    byte[] answer = give(OLD, asked.question(), TO_NEW).bytes();
    Random random = new Random(12);
    for (int i = 0; i < 100; i++) {
      byte[] changed = answer.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      assertRefused(Reason.NOT_ATTESTED, () -> take(asked, new Attestation(changed), FROM_OLD));
    }
  }

  @Test
  void whatThePredecessorSaidInItsAnswersPlaceIsNotTaken() throws Exception {
    HandOver asked = HandOver.ask(on(host, NEW));
    Attestation plain = on(host, OLD).attest(KEYS);
    assertRefused(Reason.WRONG_PURPOSE, () -> take(asked, plain, FROM_OLD));
    Attestation malformed =
        on(host, OLD).attest(new AttestRequest(HandOver.GIVE, KEYS, Optional.empty()));
    assertRefused(Reason.MALFORMED, () -> take(asked, malformed, FROM_OLD));
  }

  private static Release release(KeyPair publisher, String product, long version, Segment program)
      throws Exception {
    return Release.verify(
        Release.sign(
            new SigningKey(publisher.getPublic(), publisher.getPrivate()),
            new VerifyingKey(publisher.getPublic()),
            product,
            version,
            Measurement.of(program.digest())));
  }

  @Test
  void aLaterVersionByThePublishersWordGetsTheKeysAndNoOther() throws Exception {
    KeyPair publisher = Domain.keyPair();
    Release old = release(publisher, "db", 7, OLD);
    UpgradeSet later = new UpgradeSet(old.publisher(), "db", 8);
    HandOver asked = HandOver.ask(on(host, NEW));
    Attestation question = asked.question();
    Release fits = release(publisher, "db", 8, NEW);
    Attestation answer = give(OLD, question, new Peer.Version(later, List.of(old, fits)));
    UpgradeSet any = new UpgradeSet(old.publisher(), "db", 0);
    assertThat(take(asked, answer, new Peer.Version(any, List.of(old)))).isEqualTo(KEYS);
    for (Release wrong :
        List.of(
            release(publisher, "db", 6, NEW),
            release(publisher, "db", 7, NEW),
            release(publisher, "web", 8, NEW),
            release(Domain.keyPair(), "db", 8, NEW),
            release(publisher, "db", 8, EVIL))) {
      Peer peer = new Peer.Version(later, List.of(old, wrong));
      assertRefused(Reason.WRONG_PROGRAM, () -> give(OLD, question, peer));
    }
  }
}
