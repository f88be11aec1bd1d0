package dev.keystead.tao.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.claims.Segment;
import dev.keystead.claims.TaoName;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.Domain;
import dev.keystead.tao.Machine;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.platform.TpmHost;
import dev.keystead.tao.seal.FreshSealer;
import dev.keystead.tao.seal.NvCounter;
import dev.keystead.tao.seal.Sealer;
import dev.keystead.tao.seal.SealingRoot;
import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.template.KeyTemplate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The core of hosts that are programs: its state, its certificate, and what ends with a program.
 */
class SoftwareHostTest {
  private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
  private static final Segment PROGRAM = Stack.program("program");

  @TempDir Path directory;

  private Domain domain;
  private Machine machine;
  private TpmHost tpm;
  private HostSettings settings;
  private SealedBlob state;
  private SoftwareHost host;

  @BeforeEach
  void start() throws Exception {
    domain = new Domain();
    machine = new Machine(directory.resolve("tpm")).boot("linux");
    tpm = machine.host(domain);
    settings = domain.settings(tpm.getHostedMeasurement().segment(TaoName.LINUX));
    state = SoftwareHost.create(settings, tpm, new SealPolicy.ThisMeasurement());
    host = SoftwareHost.open(settings, tpm, state);
  }

  @AfterEach
  void stop() throws Exception {
    machine.close();
  }

  @Test
  void nothingIsDoneForAProgramThatHasEnded() throws Exception {
    HostView program = host.hosted(PROGRAM, ProgramStarter.refusing());
    SealedBlob blob = program.seal(DATA);
    program.close();
    assertRefused(Reason.NOT_PERMITTED, program::getHostedMeasurement);
    assertRefused(Reason.NOT_PERMITTED, () -> program.attest(DATA));
    assertRefused(Reason.NOT_PERMITTED, program::getAttestCertificate);
    assertRefused(Reason.NOT_PERMITTED, () -> program.seal(DATA));
    assertRefused(Reason.NOT_PERMITTED, () -> program.unseal(blob));
    assertRefused(Reason.NOT_PERMITTED, () -> program.getEntropy(8));
    assertThat(host.hosted(PROGRAM, ProgramStarter.refusing()).unseal(blob)).isEqualTo(DATA);
  }

  @Test
  void aHostThatNobodyWouldBelieveDoesNotStart() throws Exception {
    HostSettings unendorsed = domain.settings(Stack.program("another"));
    assertRefused(Reason.UNAVAILABLE, () -> SoftwareHost.open(unendorsed, tpm, state));
    HostSettings pretended =
        new HostSettings(
            domain.policyKey(),
            new Domain().owner().endorseHost(PROGRAM, domain.year()),
            Credentials.none(),
            Duration.ofHours(1),
            domain);
    assertRefused(Reason.UNAVAILABLE, () -> SoftwareHost.open(pretended, tpm, state));
    domain.pass(Duration.ofDays(366));
    assertRefused(Reason.UNAVAILABLE, () -> SoftwareHost.open(settings, tpm, state));
  }

  @Test
  void aStateThatIsNotThisHostsDoesNotOpen() throws Exception {
    byte[] changed = state.bytes().clone();
    changed[changed.length / 2] ^= 1;
    assertRefused(
        Reason.NOT_UNSEALED, () -> SoftwareHost.open(settings, tpm, new SealedBlob(changed)));
    for (byte[] content : new byte[][] {new byte[0], DATA, new byte[500]}) {
      SealedBlob other = tpm.seal(content);
      assertRefused(Reason.NOT_UNSEALED, () -> SoftwareHost.open(settings, tpm, other));
    }
    byte[] foreign = HostState.fresh(new Domain().policyKey(), new SecureRandom());
    SealedBlob others = tpm.seal(foreign);
    assertRefused(Reason.NOT_UNSEALED, () -> SoftwareHost.open(settings, tpm, others));
    machine.boot("linux, modified");
    assertRefused(Reason.NOT_UNSEALED, () -> SoftwareHost.open(settings, tpm, state));
  }

  @Test
  void whatIsOnDiskHoldsNoneOfTheSecrets() throws Exception {
    byte[] opened = tpm.unseal(state);
    String disk = new String(state.bytes(), StandardCharsets.ISO_8859_1);
    for (int at = 0; at + 16 <= opened.length; at++) {
      String piece =
          new String(Arrays.copyOfRange(opened, at, at + 16), StandardCharsets.ISO_8859_1);
      assertThat(disk).doesNotContain(piece);
    }
  }

  @Test
  void theCertificateIsRenewedWhenHalfOfItsTimeIsOver() throws Exception {
    AttestCertificate first = host.certificate();
    domain.pass(Duration.ofMinutes(29));
    assertThat(host.certificate().bytes()).isEqualTo(first.bytes());
    domain.pass(Duration.ofMinutes(2));
    AttestCertificate second = host.certificate();
    assertThat(second.bytes()).isNotEqualTo(first.bytes());
    domain.pass(Duration.ofMinutes(40));
    assertThat(domain.verifier().verify(host.certificate(), domain.instant()))
        .isEqualTo(host.name());
    var late = host.hosted(PROGRAM, ProgramStarter.refusing()).attest(DATA);
    assertThat(domain.verifier().verify(late, domain.instant()).data()).isEqualTo(DATA);
  }

  @Test
  void aHostWhosePlatformHasChangedUnderItAttestsNothingAnyMore() throws Exception {
    HostView program = host.hosted(PROGRAM, ProgramStarter.refusing());
    machine.boot("linux, modified at run time");
    domain.pass(Duration.ofMinutes(31));
    assertRefused(Reason.UNAVAILABLE, () -> program.attest(DATA));
    assertRefused(Reason.UNAVAILABLE, program::getAttestCertificate);
  }

  @Test
  void twoHostsOnTheSameProgramHaveDifferentKeys() throws Exception {
    SoftwareHost second =
        SoftwareHost.open(
            settings, tpm, SoftwareHost.create(settings, tpm, new SealPolicy.ThisMeasurement()));
    SealedBlob blob = host.hosted(PROGRAM, ProgramStarter.refusing()).seal(DATA);
    assertRefused(
        Reason.NOT_UNSEALED, () -> second.hosted(PROGRAM, ProgramStarter.refusing()).unseal(blob));
  }

  @Test
  void anOldStateOfAProgramStaysClosedAlsoAfterARestart() throws Exception {
    SealPolicy same = new SealPolicy.ThisMeasurement();
    SealedBlob old;
    SealedBlob current;
    try (Counted first = new Counted(true)) {
      HostView program = first.program();
      old = program.sealFresh("state", DATA, same);
      program.confirmFresh(old);
      assertThat(program.unsealFresh(old)).isEqualTo(DATA);
      current = program.sealFresh("state", "newer".getBytes(StandardCharsets.US_ASCII), same);
      program.confirmFresh(current);
      assertRefused(Reason.NOT_UNSEALED, () -> program.unsealFresh(old));
      assertRefused(
          Reason.NOT_UNSEALED,
          () ->
              first
                  .host
                  .hosted(Stack.program("other"), ProgramStarter.refusing())
                  .unsealFresh(current));
      assertRefused(Reason.NOT_UNSEALED, () -> program.unseal(current));
    }
    machine.reset().boot("linux");
    tpm = machine.host(domain);
    try (Counted again = new Counted(false)) {
      assertRefused(Reason.NOT_UNSEALED, () -> again.program().unsealFresh(old));
      assertThat(new String(again.program().unsealFresh(current), StandardCharsets.US_ASCII))
          .isEqualTo("newer");
      HostView ended = again.program();
      ended.close();
      assertRefused(Reason.NOT_PERMITTED, () -> ended.sealFresh("state", DATA, same));
      assertRefused(Reason.NOT_PERMITTED, () -> ended.confirmFresh(current));
      assertRefused(Reason.NOT_PERMITTED, () -> ended.unsealFresh(current));
    }
    HostView without = host.hosted(PROGRAM, ProgramStarter.refusing());
    assertRefused(Reason.UNSUPPORTED, () -> without.sealFresh("state", DATA, same));
    assertRefused(Reason.UNSUPPORTED, () -> without.unsealFresh(current));
    assertRefused(Reason.UNSUPPORTED, () -> tpm.sealFresh("state", DATA, same));
    assertRefused(Reason.UNSUPPORTED, () -> tpm.confirmFresh(current));
  }

  /** The host with a counter in its TPM. */
  private final class Counted implements AutoCloseable {
    private final SoftwareHost host;
    private @Nullable FreshSealer opened;

    Counted(boolean first) throws Exception {
      this.host = SoftwareHost.open(settings, tpm, state, Optional.of((r, s) -> open(r, s, first)));
    }

    private FreshSealer open(SealingRoot root, Sealer sealer, boolean first) throws TaoException {
      Authorized owner = Handle.OWNER.withEmptyAuth();
      int index = NvCounter.DEFAULT_INDEX;
      try (TpmObject storage =
          machine.tpm().open(new CreatePrimary(owner, KeyTemplate.storageEcc()))) {
        NvCounter counter =
            first
                ? NvCounter.define(machine.tpm(), index, root, owner, storage.loaded())
                : NvCounter.at(machine.tpm(), index, root);
        opened = new FreshSealer(root, sealer, counter, directory.resolve("versions"));
        if (first) {
          opened.create();
        }
        return opened;
      } catch (TpmException e) {
        throw new TaoException(Reason.UNAVAILABLE, "the TPM", e);
      }
    }

    HostView program() {
      return host.hosted(PROGRAM, ProgramStarter.refusing());
    }

    @Override
    public void close() throws TaoException {
      Objects.requireNonNull(opened).close();
    }
  }

  static void assertRefused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaoException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
