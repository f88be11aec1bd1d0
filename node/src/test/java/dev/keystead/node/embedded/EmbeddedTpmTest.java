package dev.keystead.node.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.endorsement.EkCertificate;
import dev.keystead.evidence.endorsement.EndorsedCertificate;
import dev.keystead.evidence.endorsement.EndorsementStore;
import dev.keystead.evidence.endorsement.EndorsementVerifier;
import dev.keystead.http.tls.Certificates;
import dev.keystead.node.identity.KeyAlgorithms;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.command.ReadClock;
import dev.keystead.tpm.endorsement.EkCertificates;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.structure.ClockInfo;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A TPM that was made here, looked at as any other. */
class EmbeddedTpmTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void itsEndorsementKeyIsCertifiedByTheMaker(KeyAlgorithms algorithms) throws Exception {
    TpmMaker maker = TpmMaker.open(directory.resolve("maker"));
    try (Tpm tpm = EmbeddedTpm.open(directory.resolve("tpm"), maker, algorithms);
        EndorsementKey ek = EndorsementKey.create(tpm, algorithms.endorsement())) {
      X509Certificate certificate = certificate(tpm, algorithms);
      certificate.verify(maker.root().getPublicKey());
      assertThat(certificate.getPublicKey()).isEqualTo(ek.area().toPublicKey());
      assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
      assertThat(certificate.getExtendedKeyUsage()).containsExactly("2.23.133.8.1");
      EndorsedCertificate believed =
          new EndorsementVerifier(EndorsementStore.of(List.of(maker.root().getEncoded())))
              .verify(EkCertificate.parse(certificate.getEncoded()), List.of(), Instant.now());
      var _ = believed.endorse(ek.area());
      assertThat(believed.certificate().tpm().orElseThrow().isSoftware()).isTrue();
    }
  }

  @Test
  void openingItAgainIsAResetOfTheSameTpm() throws Exception {
    TpmMaker maker = TpmMaker.open(directory.resolve("maker"));
    X509Certificate first;
    long resets;
    try (Tpm tpm = EmbeddedTpm.open(directory.resolve("tpm"), maker, KeyAlgorithms.ECC_P256)) {
      first = certificate(tpm, KeyAlgorithms.ECC_P256);
      resets = tpm.execute(new ReadClock()).clock().resetCount();
    }
    TpmMaker again = TpmMaker.open(directory.resolve("maker"));
    assertThat(again.root()).isEqualTo(maker.root());
    try (Tpm tpm = EmbeddedTpm.open(directory.resolve("tpm"), again, KeyAlgorithms.ECC_P256)) {
      assertThat(certificate(tpm, KeyAlgorithms.ECC_P256)).isEqualTo(first);
      assertThat(tpm.execute(new ReadClock()).clock().resetCount()).isGreaterThan(resets);
    }
  }

  /** Its state is copied while it runs: what lies there when a process is killed. */
  @Test
  void aKilledTpmsClockIsSafeAndLaterThanItEverWas() throws Exception {
    TpmMaker maker = TpmMaker.open(directory.resolve("maker"));
    ClockInfo before;
    try (Tpm tpm = EmbeddedTpm.open(directory.resolve("tpm"), maker, KeyAlgorithms.ECC_P256)) {
      before = tpm.execute(new ReadClock()).clock();
      for (String copy : List.of("bare", "ours")) {
        Path killed = Files.createDirectory(directory.resolve(copy));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve("tpm"))) {
          for (Path file : files) {
            Files.copy(file, killed.resolve(file.getFileName()));
          }
        }
      }
    }
    try (Tpm tpm = new TpmAddress.Embedded(directory.resolve("bare")).open()) {
      assertThat(tpm.execute(new ReadClock()).clock().safe()).isFalse();
    }
    try (Tpm tpm = EmbeddedTpm.open(directory.resolve("ours"), maker, KeyAlgorithms.ECC_P256)) {
      ClockInfo clock = tpm.execute(new ReadClock()).clock();
      assertThat(clock.safe()).isTrue();
      assertThat(clock.resetCount()).isGreaterThan(before.resetCount());
      assertThat(clock.clock()).isGreaterThan(before.clock());
    }
  }

  @Test
  void theMakersKeyIsPrivate() throws Exception {
    var _ = TpmMaker.open(directory.resolve("maker"));
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("maker/maker-key.pem"))))
        .isEqualTo("rw-------");
  }

  private static X509Certificate certificate(Tpm tpm, KeyAlgorithms algorithms) throws Exception {
    byte[] der = EkCertificates.read(tpm).certificates().get(algorithms.endorsement());
    return Certificates.fromDer(Objects.requireNonNull(der));
  }
}
