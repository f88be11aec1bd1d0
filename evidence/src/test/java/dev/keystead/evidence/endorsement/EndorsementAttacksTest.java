package dev.keystead.evidence.endorsement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.Fixture;
import dev.keystead.evidence.Refusal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EndorsementAttacksTest {
  private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

  @Test
  void aMakersCertificateIsBelieved() {
    EndorsedCertificate endorsed = verify("ek.der", "root.pem", "int.pem");

    assertThat(endorsed.certificate().tpm())
        .hasValueSatisfying(tpm -> {
          assertThat(tpm.model()).isEqualTo("Example");
          assertThat(tpm.isSoftware()).isFalse();
        });
  }

  @Test
  void aCurrentRevocationListLetsOthersThrough() {
    assertThat(verify("ek.der", "root.pem", "int.pem", "crl.pem").path()).hasSize(3);
  }

  @Test
  void aRevokedCertificateIsRefused() {
    refused("ek-revoked.der", "root.pem", "int.pem", "crl.pem");
  }

  @Test
  void aStaleRevocationListProvesNothing() {
    refused("ek.der", "root.pem", "int.pem", "crl-stale.pem");
  }

  @Test
  void aForgedRevocationListProvesNothing() {
    refused("ek.der", "root.pem", "int.pem", "crl-forged.pem");
  }

  @Test
  void anAuthorityThatOnlyBearsTheNameIsNotBelieved() {
    refused("ek-forged.der", "root.pem", "int.pem");
    refused("ek-forged.der", "root.pem", "evilint.pem");
  }

  @Test
  void aForgedIntermediateBesideTheRealOneDoesNoHarm() {
    assertThat(verify("ek.der", "root.pem", "evilint.pem", "int.pem").path()).hasSize(3);
  }

  @Test
  void certificatesForOtherUsesAreNotForEks() {
    for (String name : List.of("ek-server.der", "ek-signer.der", "ek-ca.der")) {
      Refusal.of(Code.EK_UNTRUSTED, () -> EkCertificate.parse(read(name)));
    }
  }

  @Test
  void anExpiredPathIsRefused() {
    EndorsementVerifier verifier =
        new EndorsementVerifier(EndorsementStore.of(List.of(read("root.pem"), read("int.pem"))));

    Refusal.of(
        Code.EK_UNTRUSTED,
        () ->
            verifier.verify(
                EkCertificate.parse(read("ek.der")),
                List.of(),
                Instant.parse("2200-01-01T00:00:00Z")));
  }

  @Test
  void noChangedByteOfACertificateIsBelieved() {
    EndorsementVerifier verifier =
        new EndorsementVerifier(
            EndorsementStore.of(
                List.of(
                    Fixture.read("ca/swtpm-localca-rootca-cert.pem"),
                    Fixture.read("ca/issuercert.pem"))));
    byte[] good = Fixture.CLEAN.shared("ek_rsa.cert.der");
    Random random = new Random(8);
    for (int i = 0; i < 3000; i++) {
      byte[] changed = good.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 + random.nextInt(255));
      assertThat(isBelieved(verifier, changed)).isFalse();
    }
    for (int length = 0; length < good.length; length++) {
      assertThat(isBelieved(verifier, Arrays.copyOf(good, length))).isFalse();
    }
  }

  private static boolean isBelieved(EndorsementVerifier verifier, byte[] certificate) {
    try {
      verifier.verify(EkCertificate.parse(certificate), List.of(), NOW);
      return true;
    } catch (EvidenceException e) {
      return false;
    }
  }

  private static void refused(String certificate, String... store) {
    Refusal.of(Code.EK_UNTRUSTED, () -> verify(certificate, store));
  }

  private static EndorsedCertificate verify(String certificate, String... store) {
    EndorsementStore files =
        EndorsementStore.of(Arrays.stream(store).map(EndorsementAttacksTest::read).toList());
    return new EndorsementVerifier(files)
        .verify(EkCertificate.parse(read(certificate)), List.of(), NOW);
  }

  private static byte[] read(String name) {
    return Fixture.read("endorsement/" + name);
  }
}
