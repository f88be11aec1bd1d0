package dev.keystead.tao.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.claims.KeyPrincipal;
import dev.keystead.claims.Segment;
import dev.keystead.claims.Sha256;
import dev.keystead.claims.TaoName;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborMap;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.claims.cose.Sign1;
import dev.keystead.claims.cose.Signer;
import dev.keystead.claims.cose.SigningKey;
import dev.keystead.claims.cose.VerifyingKey;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.AttestRequest;
import dev.keystead.tao.Attestation;
import dev.keystead.tao.Domain;
import dev.keystead.tao.Machine;
import dev.keystead.tao.attestation.AttestationException.Reason;
import dev.keystead.tao.platform.TpmHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A name of three layers, from a real TPM's quote upwards, and every way to forge one: the verifier
 * has only the policy key and the bytes.
 */
class ChainAttacksTest {
  private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
  private static final Segment PROGRAM = segment("program");

  @TempDir Path directory;

  private Domain domain;
  private Machine machine;
  private TpmHost tpm;
  private Segment linux;
  private KeyPair hostKey;
  private AttestCertificate certificate;

  @BeforeEach
  void start() throws Exception {
    domain = new Domain();
    machine = new Machine(directory.resolve("tpm")).boot("linux");
    tpm = machine.host(domain);
    linux = tpm.getHostedMeasurement().segment(TaoName.LINUX);
    hostKey = Domain.keyPair();
    certificate = endorse(linux).certificate(hostKey(AttestRequest.HOST_KEY));
  }

  @AfterEach
  void stop() throws Exception {
    machine.close();
  }

  @Test
  void aNameOfThreeLayersIsVerifiedFromThePolicyKeyAndTheBytesAlone() throws Exception {
    Attestation attestation = said(statement(PROGRAM));
    VerifiedAttestation verified =
        new AttestationVerifier(domain.policyKey())
            .verify(new Attestation(attestation.bytes().clone()), domain.instant());
    assertThat(verified.name()).isEqualTo(TaoName.of(tpm.name().last(), linux, PROGRAM));
    assertThat(verified.data()).isEqualTo(DATA);
  }

  @Test
  void aDroppedLinkIsMissed() throws Exception {
    assertRefused(Reason.BROKEN_CHAIN, signed(statement(PROGRAM), tpm.getAttestCertificate()));
    byte[] alone =
        Sign1.sign(key(hostKey), Statement.CONTEXT, statement(PROGRAM).encode(), Sign1.NONE)
            .encode();
    assertRefused(Reason.MALFORMED, new Attestation(alone));
    Attestation key = hostKey(AttestRequest.HOST_KEY);
    AttestCertificate unendorsed =
        new AttestCertificate(Cbor.array(Cbor.of(2), Cbor.of(key.bytes())).encode());
    assertRefused(Reason.MALFORMED, signed(statement(PROGRAM), unendorsed));
  }

  @Test
  void linksOfDifferentChainsDontFit() throws Exception {
    KeyPair other = Domain.keyPair();
    AttestCertificate others = endorse(linux).certificate(attestKey(AttestRequest.HOST_KEY, other));
    assertRefused(Reason.BROKEN_CHAIN, signed(statement(PROGRAM), others));
    AttestCertificate direct =
        domain
            .owner()
            .certifyHost(
                tpm.name().child(segment("linux")),
                new VerifyingKey(hostKey.getPublic()),
                domain.year());
    assertRefused(Reason.BROKEN_CHAIN, signed(statement(PROGRAM), direct));
    AttestCertificate otherProgram =
        endorse(segment("linux")).certificate(hostKey(AttestRequest.HOST_KEY));
    assertRefused(Reason.NOT_ENDORSED, signed(statement(PROGRAM), otherProgram));
  }

  @Test
  void aHostDoesNotSpeakUnderAnothersName() throws Exception {
    TaoName[] names = {
      tpm.name(),
      tpm.name().child(segment("linux")),
      TaoName.of(segment("tpm"), linux),
      tpm.name().child(linux).child(PROGRAM)
    };
    for (TaoName name : names) {
      assertRefused(Reason.BROKEN_CHAIN, said(statement(name, PROGRAM, domain.year())));
    }
  }

  @Test
  void theOwnersOwnCertificateOfAHostWillDo() throws Exception {
    AttestCertificate direct =
        domain
            .owner()
            .certifyHost(
                tpm.name().child(linux), new VerifyingKey(hostKey.getPublic()), domain.year());
    Attestation attestation = signed(statement(PROGRAM), direct);
    assertThat(domain.verifier().verify(attestation, domain.instant()).name().last())
        .isEqualTo(PROGRAM);
  }

  @Test
  void aProgramsOwnKeyIsNoHostKey() throws Exception {
    for (String context :
        new String[] {AttestRequest.DATA, AttestRequest.PROGRAM_KEY, "example.org/key"}) {
      AttestCertificate laundered = endorse(linux).certificate(hostKey(context));
      assertRefused(Reason.WRONG_ROLE, signed(statement(PROGRAM), laundered));
    }
  }

  @Test
  void aProgramThatTheOwnerHasNotEndorsedIsNoHost() throws Exception {
    KeyPair programKey = Domain.keyPair();
    AttestRequest request =
        new AttestRequest(
            AttestRequest.HOST_KEY, programKey.getPublic().getEncoded(), Optional.empty());
    Attestation key = said(statement(tpm.name().child(linux), PROGRAM, request, domain.year()));
    Statement forged =
        statement(tpm.name().child(linux).child(PROGRAM), segment("other"), domain.year());
    Signer signer = key(programKey);
    assertRefused(Reason.NOT_ENDORSED, forged.signed(signer, endorse(linux).certificate(key)));
    assertRefused(
        Reason.NOT_ENDORSED, forged.signed(signer, endorse(segment("other")).certificate(key)));
    assertThat(
            domain
                .verifier()
                .verify(forged.signed(signer, endorse(PROGRAM).certificate(key)), domain.instant())
                .name()
                .segments())
        .hasSize(4);
  }

  @Test
  void aHostOrAStrangerDoesNotSpeakForTheOwner() throws Exception {
    KeyPair stranger = Domain.keyPair();
    for (KeyPair pair : new KeyPair[] {hostKey, stranger}) {
      byte[] endorsement =
          new Endorsement(domain.policyKey().digest(), linux, domain.year()).encode();
      byte[] own = Sign1.sign(key(pair), Endorsement.CONTEXT, endorsement, Sign1.NONE).encode();
      AttestCertificate self =
          new HostEndorsement(own).certificate(hostKey(AttestRequest.HOST_KEY));
      assertRefused(Reason.OTHER_POLICY_KEY, signed(statement(PROGRAM), self));
      byte[] root =
          Sign1.sign(key(pair), RootCertificate.CONTEXT, root(linux).encode(), Sign1.NONE).encode();
      assertRefused(
          Reason.OTHER_POLICY_KEY,
          signed(statement(PROGRAM), new Certificates.Root(root).encode()));
    }
  }

  @Test
  void aPretendedOwnersNameDoesNotHelp() throws Exception {
    byte[] payload = root(linux).encode();
    long algorithm = domain.signer().algorithm();
    KeyPrincipal owner = domain.policyKey().principal();
    Sign1 unsigned = new Sign1(algorithm, owner, Sign1.NONE, payload, new byte[64]);
    byte[] own = key(hostKey).sign(unsigned.toBeSigned(RootCertificate.CONTEXT));
    byte[] root = new Sign1(algorithm, owner, Sign1.NONE, payload, own).encode();
    assertRefused(
        Reason.BAD_SIGNATURE, signed(statement(PROGRAM), new Certificates.Root(root).encode()));
  }

  @Test
  void oneKindOfStatementIsNotTakenForAnother() throws Exception {
    String[] contexts = {Endorsement.CONTEXT, Statement.CONTEXT, "keystead/claim/1", ""};
    for (String context : contexts) {
      byte[] root = Sign1.sign(domain.signer(), context, root(linux).encode(), Sign1.NONE).encode();
      assertRefused(
          Reason.BAD_SIGNATURE, signed(statement(PROGRAM), new Certificates.Root(root).encode()));
    }
    Cbor.Map beside = new CborMap().put(Certificates.LABEL, Cbor.of(certificate.bytes())).toCbor();
    for (String context : new String[] {RootCertificate.CONTEXT, "keystead/claim/1", ""}) {
      byte[] other =
          Sign1.sign(key(hostKey), context, statement(PROGRAM).encode(), beside).encode();
      assertRefused(Reason.BAD_SIGNATURE, new Attestation(other));
    }
  }

  @Test
  void thePlainSignatureOfAPlatformsKeyIsNoAttestation() throws Exception {
    AttestCertificate platform =
        domain
            .owner()
            .certifyPlatform(tpm.name(), (ECPublicKey) hostKey.getPublic(), domain.year());
    Statement plain = statement(tpm.name(), linux, domain.year());
    assertRefused(Reason.WRONG_ROLE, signed(plain, platform));
  }

  @Test
  void aHostsSignatureIsNoQuote() throws Exception {
    Cbor.Map beside = new CborMap().put(Certificates.LABEL, Cbor.of(certificate.bytes())).toCbor();
    Sign1 quote =
        new Sign1(
            TpmQuote.ALGORITHM,
            key(hostKey).principal(),
            beside,
            statement(PROGRAM).encode(),
            new byte[64]);
    assertRefused(Reason.WRONG_ROLE, new Attestation(quote.encode()));
  }

  @Test
  void everyLinkExpires() throws Exception {
    Validity hour = Validity.from(domain.instant(), Duration.ofHours(1));
    Validity day = Validity.from(domain.instant(), Duration.ofDays(1));
    Validity year = domain.year();
    AttestCertificate owners =
        domain
            .owner()
            .certifyHost(tpm.name().child(linux), new VerifyingKey(hostKey.getPublic()), day);
    Attestation onTpm = said(statement(tpm.name().child(linux), PROGRAM, year));
    Attestation onOwner = signed(statement(tpm.name().child(linux), PROGRAM, year), owners);
    Attestation statement = signed(statement(tpm.name().child(linux), PROGRAM, hour), owners);
    HostEndorsement brief =
        domain.owner().endorseHost(linux, Validity.from(domain.instant(), Duration.ofMinutes(5)));
    Attestation onBrief =
        signed(statement(PROGRAM), brief.certificate(hostKey(AttestRequest.HOST_KEY)));
    for (Attestation good : new Attestation[] {onTpm, onOwner, statement, onBrief}) {
      domain.verifier().verify(good, domain.instant());
    }
    domain.pass(Duration.ofMinutes(5));
    assertRefused(Reason.EXPIRED, onBrief);
    domain.verifier().verify(statement, domain.instant());
    domain.pass(Duration.ofMinutes(55));
    assertRefused(Reason.EXPIRED, statement);
    assertRefused(Reason.EXPIRED, onTpm);
    domain.verifier().verify(onOwner, domain.instant());
    domain.pass(Duration.ofHours(23));
    assertRefused(Reason.EXPIRED, onOwner);
  }

  @Test
  void theTpmsCertificateExpiresForEverythingOnIt() throws Exception {
    domain.pass(Duration.ofDays(366));
    assertRefused(Reason.EXPIRED, said(statement(PROGRAM)));
    assertThatThrownBy(() -> domain.verifier().verify(tpm.getAttestCertificate(), domain.instant()))
        .isInstanceOfSatisfying(
            AttestationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.EXPIRED));
  }

  @Test
  void theFutureIsNotBelieved() throws Exception {
    Attestation now = said(statement(PROGRAM));
    domain.verifier().verify(now, domain.instant().minus(Validity.SKEW));
    assertThatThrownBy(() ->
            domain.verifier().verify(now, domain.instant().minus(Validity.SKEW).minusSeconds(1)))
        .isInstanceOfSatisfying(
            AttestationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.NOT_YET_VALID));
  }

  @Test
  void whatWasSaidInAnotherDomainIsNotSaidHere() throws Exception {
    Domain other = new Domain();
    Statement foreign =
        new Statement(
            other.policyKey().digest(),
            tpm.name().child(linux),
            PROGRAM,
            AttestRequest.of(DATA),
            domain.year(),
            new byte[Statement.BOOT_SIZE]);
    assertRefused(Reason.OTHER_POLICY_KEY, signed(foreign, certificate));
    byte[] root =
        new RootCertificate(
                other.policyKey().digest(),
                RootCertificate.Role.HOST,
                tpm.name().child(linux),
                hostKey.getPublic().getEncoded(),
                domain.year())
            .encode();
    byte[] signed = Sign1.sign(domain.signer(), RootCertificate.CONTEXT, root, Sign1.NONE).encode();
    assertRefused(
        Reason.OTHER_POLICY_KEY,
        signed(statement(PROGRAM), new Certificates.Root(signed).encode()));
  }

  @Test
  void nobodyPutsMoreLayersOnEachOtherThanANameHas() throws Exception {
    AttestCertificate below = certificate;
    KeyPair belowKey = hostKey;
    TaoName name = tpm.name().child(linux);
    while (name.segments().size() < TaoName.MAX_SEGMENTS) {
      KeyPair next = Domain.keyPair();
      AttestRequest request =
          new AttestRequest(
              AttestRequest.HOST_KEY, next.getPublic().getEncoded(), Optional.empty());
      Attestation key =
          statement(name, PROGRAM, request, domain.year()).signed(key(belowKey), below);
      domain.verifier().verify(key, domain.instant());
      below = endorse(PROGRAM).certificate(key);
      belowKey = next;
      name = name.child(PROGRAM);
    }
    TaoName highest = name;
    assertThat(domain.verifier().verify(below, domain.instant())).isEqualTo(highest);
    Statement shorter = statement(tpm.name().child(linux), PROGRAM, domain.year());
    assertRefused(Reason.BROKEN_CHAIN, shorter.signed(key(belowKey), below));
    AttestCertificate tooHigh = endorse(PROGRAM).certificate(shorter.signed(key(belowKey), below));
    assertRefused(Reason.MALFORMED, shorter.signed(key(belowKey), tooHigh));
  }

  private static Segment segment(String kind) {
    return Segment.of(kind, Sha256.of(kind.getBytes(StandardCharsets.US_ASCII)));
  }

  private static SigningKey key(KeyPair pair) {
    return new SigningKey(pair.getPublic(), pair.getPrivate());
  }

  private HostEndorsement endorse(Segment host) throws CoseException {
    return domain.owner().endorseHost(host, domain.year());
  }

  private Attestation hostKey(String context) throws Exception {
    return attestKey(context, hostKey);
  }

  private Attestation attestKey(String context, KeyPair pair) throws Exception {
    return tpm.attest(new AttestRequest(context, pair.getPublic().getEncoded(), Optional.empty()));
  }

  private RootCertificate root(Segment os) {
    return new RootCertificate(
        domain.policyKey().digest(),
        RootCertificate.Role.HOST,
        tpm.name().child(os),
        hostKey.getPublic().getEncoded(),
        domain.year());
  }

  private Statement statement(Segment program) {
    return statement(tpm.name().child(linux), program, domain.year());
  }

  private Statement statement(TaoName issuer, Segment program, Validity validity) {
    return statement(issuer, program, AttestRequest.of(DATA), validity);
  }

  private Statement statement(
      TaoName issuer, Segment program, AttestRequest request, Validity validity) {
    return new Statement(
        domain.policyKey().digest(),
        issuer,
        program,
        request,
        validity,
        new byte[Statement.BOOT_SIZE]);
  }

  private Attestation said(Statement statement) throws CoseException {
    return signed(statement, certificate);
  }

  private Attestation signed(Statement statement, AttestCertificate beside) throws CoseException {
    return statement.signed(key(hostKey), beside);
  }

  private void assertRefused(Reason reason, Attestation attestation) {
    ThrowingCallable verify = () -> domain.verifier().verify(attestation, domain.instant());
    assertThatThrownBy(verify)
        .isInstanceOfSatisfying(
            AttestationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
