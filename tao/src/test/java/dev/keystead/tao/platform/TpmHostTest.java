package dev.keystead.tao.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.claims.KeyPrincipal;
import dev.keystead.claims.TaoName;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.claims.cose.Signer;
import dev.keystead.tao.AttestRequest;
import dev.keystead.tao.Attestation;
import dev.keystead.tao.Domain;
import dev.keystead.tao.Machine;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.attestation.AttestationException;
import dev.keystead.tao.attestation.Statement;
import dev.keystead.tao.attestation.TpmQuote;
import dev.keystead.tao.attestation.VerifiedAttestation;
import dev.keystead.tao.platform.SealedRoot.Release;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.Session;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.command.Capability;
import dev.keystead.tpm.command.Certify;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.command.Lifecycle;
import dev.keystead.tpm.command.Quote;
import dev.keystead.tpm.command.ReadClock;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.session.SessionSpec;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.template.KeyTemplate;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only the host at the bottom can do, and what only it can be attacked with. */
class TpmHostTest {
  private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path directory;

  private Domain domain;
  private Machine machine;

  @BeforeEach
  void start() throws Exception {
    domain = new Domain();
    machine = new Machine(directory.resolve("tpm")).boot("linux 1");
  }

  @AfterEach
  void nothingIsLeftInTheTpm() throws Exception {
    for (int first : new int[] {0x80000000, 0x02000000, 0x03000000}) {
      assertThat(machine.tpm().execute(new Capability.Handles(first, 64)).values()).isEmpty();
    }
    machine.close();
  }

  @Test
  void aPcrThatChangesBetweenSealingAndUnsealingKeepsTheBlobClosed() throws Exception {
    TpmHost host = machine.host(domain);
    SealedBlob blob = host.seal(DATA);
    assertThat(host.unseal(blob)).isEqualTo(DATA);
    machine.boot("something else");
    assertRefused(Reason.NOT_UNSEALED, () -> host.unseal(blob));
    assertRefused(Reason.UNAVAILABLE, () -> host.seal(DATA));
    machine.boot("linux 1");
    assertThat(host.unseal(blob)).isEqualTo(DATA);
  }

  @Test
  void anUpgradeThatTheOwnerApprovedUsesTheRootAndNoOtherDoes() throws Exception {
    PcrApproval first = PcrApproval.sign(domain.signer(), machine.pcrs());
    PlatformSettings before = machine.settings(domain, first);
    SealedRoot root = TpmHost.createRoot(machine.tpm(), before, Release.APPROVED_PCRS);
    SealedBlob blob = TpmHost.open(machine.tpm(), before, root).seal(DATA);

    machine.boot("linux 2");
    TpmHost early = TpmHost.open(machine.tpm(), before, root);
    assertRefused(Reason.UNAVAILABLE, () -> early.seal(DATA));

    PcrApproval second = PcrApproval.sign(domain.signer(), machine.pcrs());
    TpmHost upgraded = TpmHost.open(machine.tpm(), machine.settings(domain, first, second), root);
    SealedBlob own = upgraded.seal(DATA);
    assertThat(upgraded.unseal(own)).isEqualTo(DATA);
    assertRefused(Reason.NOT_UNSEALED, () -> upgraded.unseal(blob));

    machine.boot("linux 1");
    assertThat(upgraded.unseal(blob)).isEqualTo(DATA);
    machine.boot("linux 3");
    assertRefused(Reason.NOT_UNSEALED, () -> upgraded.unseal(own));
  }

  @Test
  void nobodyButTheOwnerApprovesPcrs() throws Exception {
    PcrApproval good = PcrApproval.sign(domain.signer(), machine.pcrs());
    SealedRoot root =
        TpmHost.createRoot(machine.tpm(), machine.settings(domain, good), Release.APPROVED_PCRS);
    machine.boot("linux 2");
    PcrApproval stranger = PcrApproval.sign(new Domain().signer(), machine.pcrs());
    PcrApproval moved = new PcrApproval(machine.pcrs(), good.signature());
    for (PcrApproval forged : List.of(stranger, moved)) {
      TpmHost host = TpmHost.open(machine.tpm(), machine.settings(domain, forged), root);
      assertRefused(Reason.UNAVAILABLE, () -> host.seal(DATA));
    }
  }

  @Test
  void theRootCrossesTheBusEncryptedBothWays() throws Exception {
    machine.close();
    Tap tap = new Tap(new TpmAddress.Embedded(directory.resolve("tpm")).connect());
    try (Tpm tapped = new Tpm(tap)) {
      tapped.execute(new Lifecycle.Startup());
      SealedRoot root;
      byte[] policy = PcrPolicy.pcr(PcrState.read(tapped, Machine.PCRS));
      try (Session session = session(tapped)) {
        root = SealedRoot.create(tapped, session, policy, new SecureRandom());
      }
      try (Session session = session(tapped);
          Secret secret =
              root.unseal(
                  tapped,
                  session,
                  domain.policyKey(),
                  PcrState.read(tapped, Machine.PCRS),
                  Optional.empty())) {
        assertThat(secret.bytes()).hasSize(32);
        assertThat(tap.seen())
            .hasSizeGreaterThan(1000)
            .doesNotContain(new String(secret.bytes(), StandardCharsets.ISO_8859_1));
        assertThat(tap.seen()).contains(new String(root.sensitive(), StandardCharsets.ISO_8859_1));
      }
    }
    machine = new Machine(directory.resolve("tpm"));
  }

  private static Session session(Tpm tpm) throws TpmException {
    try (EndorsementKey key = EndorsementKey.create(tpm, EkTemplate.L2_ECC_P256)) {
      return key.encryptedSession();
    }
  }

  @Test
  void anotherTpmThanTheCertifiedOneIsNotUsed() throws Exception {
    PlatformSettings settings = machine.settings(domain);
    SealedRoot root = TpmHost.createRoot(machine.tpm(), settings, Release.THESE_PCRS);
    try (Machine other = new Machine(directory.resolve("other")).boot("linux 1")) {
      assertRefused(Reason.UNAVAILABLE, () -> TpmHost.open(other.tpm(), settings, root));
      assertRefused(
          Reason.UNAVAILABLE, () -> TpmHost.createRoot(other.tpm(), settings, Release.THESE_PCRS));
      TpmHost host = TpmHost.open(other.tpm(), other.settings(domain), root);
      assertRefused(Reason.UNAVAILABLE, () -> host.seal(DATA));
    }
  }

  @Test
  void aTpmThatWasClearedHasLostItsBlobsAndStartsAnew() throws Exception {
    TpmHost host = machine.host(domain);
    SealedBlob blob = host.seal(DATA);
    try (Session session = SessionSpec.hmac().open(machine.tpm())) {
      machine.tpm().execute(new Lifecycle.Clear(Handle.LOCKOUT.with(session)));
    }
    assertRefused(Reason.NOT_UNSEALED, () -> host.unseal(blob));
    PlatformSettings settings = machine.settings(domain);
    SealedRoot anew = TpmHost.createRoot(machine.tpm(), settings, Release.THESE_PCRS);
    TpmHost again = TpmHost.open(machine.tpm(), settings, anew);
    assertThat(again.unseal(again.seal(DATA))).isEqualTo(DATA);
    assertRefused(Reason.NOT_UNSEALED, () -> again.unseal(blob));
  }

  @Test
  void aStatementTellsOneBootFromTheNext() throws Exception {
    TpmHost host = machine.host(domain);
    byte[] boot = verify(host.attest(DATA)).boot();
    assertThat(verify(host.attest(DATA)).boot()).isEqualTo(boot);
    machine.reset().boot("linux 1");
    assertThat(verify(machine.host(domain).attest(DATA)).boot()).isNotEqualTo(boot);
  }

  @Test
  void theMeasurementIsThatOfTheOwnersReferenceValues() throws Exception {
    TpmHost host = machine.host(domain);
    TreeMap<Integer, byte[]> expected = new TreeMap<>();
    byte[] event = HashAlg.SHA256.hash("linux 1".getBytes(StandardCharsets.UTF_8));
    expected.put(0, new byte[32]);
    expected.put(16, HashAlg.SHA256.hash(new byte[32], event));
    expected.put(23, HashAlg.SHA256.hash(new byte[32], event));
    byte[] digest = HashAlg.SHA256.hash(expected.values().toArray(byte[][]::new));
    assertThat(host.getHostedMeasurement())
        .isEqualTo(new PcrState(Machine.PCRS, digest).measurement(domain.policyKey()));
  }

  @Test
  void aTpmStartsNothing() throws Exception {
    TpmHost host = machine.host(domain);
    ProgramSpec spec =
        new ProgramSpec(
            new ProgramSpec.Executable(Path.of("/bin/true")),
            List.of(),
            new TreeMap<>(),
            new ProgramSpec.Identity(1000, 1000, List.of()),
            ProgramSpec.Confinement.BASE);
    assertRefused(Reason.UNSUPPORTED, () -> host.startHostedProgram(spec));
  }

  @Test
  void aStatementOfOtherPcrsIsNoneThoughTheKeySignsIt() throws Exception {
    TpmHost host = machine.host(domain);
    Measurement wanted = host.getHostedMeasurement();
    machine.boot("malware");
    PcrState now = machine.pcrs();
    assertUnbelieved(
        AttestationException.Reason.WRONG_QUOTE, forged(host, wanted, boot(host), now));
    assertUnbelieved(
        AttestationException.Reason.WRONG_QUOTE,
        forged(host, now.measurement(domain.policyKey()), new byte[16], now));
    Attestation honest = forged(host, now.measurement(domain.policyKey()), boot(host), now);
    assertThat(verify(honest).name().last().hex()).isNotEqualTo(wanted.hex());
  }

  @Test
  void lookingAtOtherPcrsGivesAnotherMeasurement() throws Exception {
    TpmHost host = machine.host(domain);
    PcrState fewer = PcrState.read(machine.tpm(), PcrSelection.of(HashAlg.SHA256, 0, 16));
    assertUnbelieved(
        AttestationException.Reason.WRONG_QUOTE,
        forged(host, host.getHostedMeasurement(), boot(host), fewer));
    assertThat(fewer.measurement(domain.policyKey())).isNotEqualTo(host.getHostedMeasurement());
  }

  @Test
  void aQuoteThatAVerifierAskedForIsNoStatement() throws Exception {
    TpmHost host = machine.host(domain);
    assertUnbelieved(
        AttestationException.Reason.BAD_SIGNATURE,
        signedBy(host, toBeSigned -> quote(new byte[32])));
  }

  @Test
  void anotherWordOfTheTpmsIsNoQuote() throws Exception {
    TpmHost host = machine.host(domain);
    assertUnbelieved(
        AttestationException.Reason.WRONG_QUOTE,
        signedBy(
            host,
            toBeSigned -> {
              try (TpmObject object =
                      machine
                          .tpm()
                          .open(
                              new CreatePrimary(
                                  Handle.OWNER.withEmptyAuth(), KeyTemplate.storageEcc()));
                  TpmObject key = AttestationKey.open(machine.tpm())) {
                var word =
                    machine
                        .tpm()
                        .execute(
                            new Certify(
                                object.handle().withEmptyAuth(),
                                key.handle().withEmptyAuth(),
                                TpmQuote.qualifyingData(toBeSigned),
                                SignatureScheme.OF_KEY));
                return TpmQuote.of(word.attest(), word.signature()).encode();
              }
            }));
  }

  private byte[] quote(byte[] qualifyingData) throws TpmException {
    try (TpmObject key = AttestationKey.open(machine.tpm())) {
      var quote =
          machine
              .tpm()
              .execute(new Quote(key.handle().withEmptyAuth(), qualifyingData, Machine.PCRS));
      return TpmQuote.of(quote.attest(), quote.signature()).encode();
    }
  }

  private interface Signature {
    byte[] over(byte[] toBeSigned) throws TpmException;
  }

  private Attestation signedBy(TpmHost host, Signature signature) throws Exception {
    try (TpmObject key = AttestationKey.open(machine.tpm())) {
      QuotingKey named = new QuotingKey(machine.tpm(), key, machine.pcrs());
      KeyPrincipal principal = named.principal();
      Signer signer =
          new Signer() {
            @Override
            public long algorithm() {
              return TpmQuote.ALGORITHM;
            }

            @Override
            public KeyPrincipal principal() {
              return principal;
            }

            @Override
            public byte[] sign(byte[] toBeSigned) throws CoseException {
              try {
                return signature.over(toBeSigned);
              } catch (TpmException e) {
                throw new CoseException(CoseException.Reason.NOT_SIGNED, "no", e);
              }
            }
          };
      return statement(host, host.getHostedMeasurement(), boot(host))
          .signed(signer, host.getAttestCertificate());
    }
  }

  private Attestation forged(TpmHost host, Measurement program, byte[] boot, PcrState quoted)
      throws Exception {
    try (TpmObject key = AttestationKey.open(machine.tpm())) {
      return statement(host, program, boot)
          .signed(new QuotingKey(machine.tpm(), key, quoted), host.getAttestCertificate());
    }
  }

  private Statement statement(TpmHost host, Measurement program, byte[] boot) {
    return new Statement(
        domain.policyKey().digest(),
        host.name(),
        program.segment(TaoName.LINUX),
        AttestRequest.of(DATA),
        domain.year(),
        boot);
  }

  private byte[] boot(TpmHost host) throws TpmException {
    return TpmQuote.boot(host.name(), machine.tpm().execute(new ReadClock()).clock());
  }

  private VerifiedAttestation verify(Attestation attestation) throws AttestationException {
    return domain.verifier().verify(attestation, domain.instant());
  }

  private void assertUnbelieved(AttestationException.Reason reason, Attestation attestation) {
    assertThatThrownBy(() -> verify(attestation))
        .isInstanceOfSatisfying(
            AttestationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static void assertRefused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaoException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
