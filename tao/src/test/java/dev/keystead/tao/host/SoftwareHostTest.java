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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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

  static void assertRefused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaoException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
