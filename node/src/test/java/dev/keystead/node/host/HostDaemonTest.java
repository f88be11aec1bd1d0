package dev.keystead.node.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keystead.claims.TaoName;
import dev.keystead.node.host.TestHost.Started;
import dev.keystead.node.host.setup.HostException;
import dev.keystead.program.HostClient;
import dev.keystead.program.HostedTao;
import dev.keystead.program.ProgramStatus;
import dev.keystead.program.TaoAddress;
import dev.keystead.tao.Attestation;
import dev.keystead.tao.Handle;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.attestation.AttestationVerifier;
import dev.keystead.tao.attestation.HostEndorsement;
import dev.keystead.tao.host.Credentials;
import dev.keystead.tao.host.HostSettings;
import dev.keystead.tao.host.HostView;
import dev.keystead.tao.host.ProgramStarter;
import dev.keystead.tao.host.SoftwareHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostDaemonTest {
  private static final Path SLEEP = Path.of("/usr/bin/sleep");
  private static final byte[] SECRET = "a secret".getBytes(UTF_8);

  private Path folder;
  private TestHost host;

  @BeforeAll
  void start(@TempDir Path directory) {
    folder = directory;
    host = new TestHost(directory);
  }

  @AfterAll
  void stop() {
    host.close();
  }

  @Test
  void aProgramUnsealsAfterItsRestart() throws Exception {
    Started first = host.start(TestHost.idle(SLEEP));
    SealedBlob blob;
    try (HostedTao tao = first.tao()) {
      blob = tao.seal(SECRET);
    }
    host.administrator.stop(first.handle(), Duration.ZERO);

    Started again = host.start(TestHost.idle(SLEEP));
    try (HostedTao tao = again.tao()) {
      assertThat(tao.unseal(blob)).isEqualTo(SECRET);
    }
    host.administrator.stop(again.handle(), Duration.ZERO);
  }

  @Test
  void aChangedProgramUnsealsNothing() throws Exception {
    Started original = host.start(TestHost.idle(SLEEP));
    Path copy = Files.copy(SLEEP, folder.resolve("sleep"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.write(copy, new byte[] {1}, StandardOpenOption.APPEND);
    Started changed = host.start(TestHost.idle(copy));
    try (HostedTao tao = original.tao();
        HostedTao other = changed.tao()) {
      SealedBlob blob = tao.seal(SECRET);
      refused(Reason.NOT_UNSEALED, () -> other.unseal(blob));
      assertThat(other.getHostedMeasurement()).isNotEqualTo(tao.getHostedMeasurement());
    }
  }

  @Test
  void whatAProgramSealsStandsInNoFileInClear() throws Exception {
    byte[] secret = "marked-%s".formatted(UUID.randomUUID()).getBytes(UTF_8);
    Started program = host.start(TestHost.idle(SLEEP));
    byte[] blob;
    try (HostedTao tao = program.tao()) {
      blob = tao.seal(secret).bytes();
      Files.write(folder.resolve("sealed"), blob);
      assertThat(tao.unseal(new SealedBlob(blob))).isEqualTo(secret);
    }
    host.administrator.stop(program.handle(), Duration.ZERO);

    assertThat(filesWith(blob)).containsExactly(folder.resolve("sealed"));
    assertThat(filesWith(secret)).isEmpty();
  }

  /** The files of the host, its TPM, its store and its programs that hold these bytes. */
  private List<Path> filesWith(byte[] wanted) throws IOException {
    String text = new String(wanted, ISO_8859_1);
    List<Path> found = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, ISO_8859_1).contains(text)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  @Test
  void whoHasTheDescriptorSpeaksAsTheProgramAndIsMeasuredAsIt() throws Exception {
    Started program = host.start(TestHost.idle(SLEEP));
    try (HostedTao tao = program.tao();
        HostClient client = HostClient.at(program.door())) {
      assertThat(status(program.handle()).measurement()).isEqualTo(tao.getHostedMeasurement());
      TaoName name = client.info().program().orElseThrow();
      assertThat(name.last()).isEqualTo(tao.getHostedMeasurement().segment(TaoName.PROGRAM));
      assertThat(name.isChildOf(host.administrator.info().host())).isTrue();
    }
  }

  @Test
  void whatAProgramSaysIsVerifiedByThePolicyKeyAlone() throws Exception {
    Started program = host.start(TestHost.idle(SLEEP));
    try (HostedTao tao = program.tao()) {
      Attestation said = tao.attest(SECRET);
      var verified =
          new AttestationVerifier(host.owner.policyKey())
              .verify(said, InstantSource.system().instant());
      assertThat(verified.data()).isEqualTo(SECRET);
      assertThat(verified.name().last().digest()).isEqualTo(tao.getHostedMeasurement().bytes());
    }
  }

  @Test
  void aHostedProgramIsAHostItselfOverTheSocket() throws Exception {
    Started program = host.start(TestHost.idle(SLEEP));
    try (HostedTao tao = program.tao()) {
      HostEndorsement endorsement =
          host.owner.endorseHost(
              tao.getHostedMeasurement().segment(TaoName.PROGRAM), TestHost.day());
      HostSettings settings =
          new HostSettings(
              host.owner.policyKey(),
              endorsement,
              Credentials.none(),
              Duration.ofHours(1),
              InstantSource.system());
      SealedBlob state = SoftwareHost.create(settings, tao, new SealPolicy.ThisMeasurement());
      SoftwareHost nested = SoftwareHost.open(settings, tao, state);
      try (HostView view =
          nested.hosted(
              tao.getHostedMeasurement().segment(TaoName.PROGRAM), ProgramStarter.refusing())) {
        var verified =
            new AttestationVerifier(host.owner.policyKey())
                .verify(view.attest(SECRET), InstantSource.system().instant());
        assertThat(verified.name().segments()).hasSize(4);
        assertThat(view.unseal(view.seal(SECRET))).isEqualTo(SECRET);
        SealedBlob blob = view.seal(SECRET);
        refused(Reason.NOT_UNSEALED, () -> tao.unseal(blob));
      }
    }
  }

  @Test
  void aProcessThatTheHostDoesNotRunGetsNothing() {
    try (HostedTao tao = HostedTao.at(host.address())) {
      refused(Reason.NOT_PERMITTED, tao::getHostedMeasurement);
      refused(Reason.NOT_PERMITTED, () -> tao.attest(SECRET));
      refused(Reason.NOT_PERMITTED, tao::getAttestCertificate);
      refused(Reason.NOT_PERMITTED, () -> tao.seal(SECRET));
      refused(Reason.NOT_PERMITTED, () -> tao.unseal(new SealedBlob(new byte[200])));
      refused(Reason.NOT_PERMITTED, () -> tao.getEntropy(8));
      refused(Reason.NOT_PERMITTED, () -> tao.startHostedProgram(TestHost.idle(SLEEP)));
    }
  }

  @Test
  void aProgramIsNoAdministratorWhoeverItRunsAs() throws Exception {
    Started program = host.start(TestHost.idle(SLEEP));
    try (HostClient client = HostClient.at(program.door())) {
      refused(Reason.NOT_PERMITTED, client::list);
      refused(Reason.NOT_PERMITTED, () -> client.start(TestHost.idle(SLEEP)));
      refused(Reason.NOT_PERMITTED, () -> client.stop(program.handle(), Duration.ZERO));
      refused(Reason.NOT_PERMITTED, () -> client.output(program.handle()));
    }
  }

  @Test
  void theEndOfAProgramEndsItsConnections() throws Exception {
    Started program = host.start(TestHost.idle(SLEEP));
    try (HostedTao tao = program.tao()) {
      assertThat(tao.getEntropy(128)).hasSize(16);
      assertThat(host.administrator.stop(program.handle(), Duration.ZERO).code()).isIn(137, 143);
      refused(Reason.UNAVAILABLE, () -> tao.getEntropy(128));
    }
  }

  @Test
  void anAdministratorReadsWhatAProgramWrote() throws Exception {
    Handle handle =
        host.administrator.start(
            TestHost.program(Path.of("/usr/bin/printf"), List.of("%s", "written")));
    while (status(handle).ended().isEmpty()) {
      Thread.sleep(100);
    }
    assertThat(host.administrator.output(handle)).asString(UTF_8).isEqualTo("written");
    assertThat(status(handle).ended().orElseThrow().code()).isZero();
    refused(Reason.UNKNOWN_HANDLE, () -> host.administrator.output(new Handle("0".repeat(32))));
  }

  @Test
  void dataAreSealedUpToTheirLimitAndNotBeyond() throws Exception {
    Started program = host.start(TestHost.idle(SLEEP));
    try (HostedTao tao = program.tao()) {
      byte[] most = new byte[Tao.MAX_SEALED];
      most[most.length - 1] = 7;
      assertThat(tao.unseal(tao.seal(most))).isEqualTo(most);
      refused(Reason.INVALID, () -> tao.seal(new byte[Tao.MAX_SEALED + 1]));
      refused(Reason.INVALID, () -> tao.seal(new byte[4 << 20]));
      refused(Reason.INVALID, () -> tao.getEntropy(Tao.MAX_ENTROPY_BITS + 1));
      refused(Reason.INVALID, () -> tao.getEntropy(-1));
    }
  }

  @Test
  void aSecondHostDoesNotStartOnTheSameState() {
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> HostDaemon.start(host.config()))
        .withMessageContaining("already");
  }

  @Test
  void aSocketThatIsNotThereIsUnavailable() {
    try (HostedTao tao = HostedTao.at(new TaoAddress(folder.resolve("nothing")))) {
      refused(Reason.UNAVAILABLE, tao::getHostedMeasurement);
    }
  }

  private ProgramStatus status(Handle handle) throws TaoException {
    return host.administrator.list().stream()
        .filter(program -> program.handle().equals(handle))
        .findFirst()
        .orElseThrow();
  }

  private static void refused(Reason reason, ThrowingCallable call) {
    assertThatExceptionOfType(TaoException.class)
        .isThrownBy(call)
        .extracting(TaoException::reason)
        .isEqualTo(reason);
  }
}
