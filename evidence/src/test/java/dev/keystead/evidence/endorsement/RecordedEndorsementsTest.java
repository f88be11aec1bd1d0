package dev.keystead.evidence.endorsement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.Fixture;
import dev.keystead.evidence.Refusal;
import dev.keystead.tpm.structure.ObjectAttributes;
import dev.keystead.tpm.structure.TpmPublic;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordedEndorsementsTest {
  private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
  private static final byte[] ROOT = Fixture.read("ca/swtpm-localca-rootca-cert.pem");
  private static final byte[] ISSUER = Fixture.read("ca/issuercert.pem");
  private static final EndorsementVerifier VERIFIER =
      new EndorsementVerifier(EndorsementStore.of(List.of(ROOT, ISSUER)));

  static Stream<Fixture> boots() {
    return Fixture.all();
  }

  @ParameterizedTest
  @MethodSource("boots")
  void everyRecordedCertificateHasAPathToItsRoot(Fixture boot) {
    for (String name : List.of("ek_rsa.cert.der", "ek_ecc.cert.der")) {
      EndorsedCertificate endorsed = verify(boot.shared(name));

      assertThat(endorsed.path()).hasSize(3);
      assertThat(endorsed.certificate().tpm())
          .hasValueSatisfying(tpm -> {
            assertThat(tpm).hasToString("id:00001014 swtpm id:20191023");
            assertThat(tpm.isSoftware()).isTrue();
          });
    }
  }

  @ParameterizedTest
  @MethodSource("boots")
  void everyRecordedKeyIsTheOneInItsCertificate(Fixture boot) {
    EndorsedKey key = verify(boot.shared("ek_rsa.cert.der")).endorse(ek(boot));

    key.requireOtherThan(boot.key("rsa"));
    key.requireOtherThan(boot.key("ecc"));
    assertThat(key.area()).isNotNull();
  }

  @Test
  void theIntermediateMayComeFromTheMachine() {
    EndorsementVerifier rootOnly = new EndorsementVerifier(EndorsementStore.of(List.of(ROOT)));
    EkCertificate ek = EkCertificate.parse(Fixture.CLEAN.shared("ek_rsa.cert.der"));

    Refusal.of(Code.EK_UNTRUSTED, () -> rootOnly.verify(ek, List.of(), NOW));
    assertThat(rootOnly.verify(ek, List.of(new byte[] {1}, ISSUER), NOW).path()).hasSize(3);
  }

  @Test
  void anIntermediateIsNotARootForBeingInTheStore() {
    Refusal.of(Code.POLICY_UNUSABLE, () -> EndorsementStore.of(List.of(ISSUER)));
  }

  @Test
  void aRootThatTheMachineSendsIsNotTrusted() {
    EkCertificate ek = EkCertificate.parse(Fixture.CLEAN.shared("ek_rsa.cert.der"));
    EndorsementVerifier other =
        new EndorsementVerifier(EndorsementStore.of(List.of(Fixture.read("endorsement/root.pem"))));

    Refusal.of(Code.EK_UNTRUSTED, () -> other.verify(ek, List.of(ISSUER, ROOT), NOW));
  }

  @Test
  void aCertificateThatIsNotYetValidIsRefused() {
    EkCertificate ek = EkCertificate.parse(Fixture.CLEAN.shared("ek_rsa.cert.der"));

    Refusal.of(
        Code.EK_UNTRUSTED,
        () -> VERIFIER.verify(ek, List.of(), Instant.parse("2020-01-01T00:00:00Z")));
  }

  @Test
  void aCertificateForAnotherKeyIsRefused() {
    Fixture other = new Fixture("19-sha256-bank-only");

    Refusal.of(
        Code.EK_MISMATCH, () -> verify(other.shared("ek_rsa.cert.der")).endorse(ek(Fixture.CLEAN)));
  }

  @Test
  void anEkThatMaySignOrLeaveItsTpmIsRefused() {
    TpmPublic ek = ek(Fixture.CLEAN);
    EndorsedCertificate endorsed = verify(Fixture.CLEAN.shared("ek_rsa.cert.der"));
    int bits = ek.attributes().bits();
    for (int wrong :
        new int[] {
          bits | ObjectAttributes.SIGN,
          bits & ~ObjectAttributes.RESTRICTED,
          bits & ~ObjectAttributes.FIXED_TPM,
          bits & ~ObjectAttributes.FIXED_PARENT,
          bits & ~ObjectAttributes.SENSITIVE_DATA_ORIGIN,
          bits & ~ObjectAttributes.ADMIN_WITH_POLICY,
          bits & ~ObjectAttributes.DECRYPT
        }) {
      TpmPublic changed =
          new TpmPublic(ek.nameAlg(), new ObjectAttributes(wrong), ek.authPolicy(), ek.key());

      Refusal.of(Code.EK_UNTRUSTED, () -> endorsed.endorse(changed));
    }
  }

  @Test
  void anEkUnderAnUnknownPolicyIsRefused() {
    TpmPublic ek = ek(Fixture.CLEAN);
    TpmPublic changed = new TpmPublic(ek.nameAlg(), ek.attributes(), new byte[32], ek.key());

    Refusal.of(
        Code.EK_UNTRUSTED, () -> verify(Fixture.CLEAN.shared("ek_rsa.cert.der")).endorse(changed));
  }

  @Test
  void acaCertificateIsNoEkCertificate() {
    Refusal.of(Code.EK_UNTRUSTED, () -> EkCertificate.parse(ISSUER));
  }

  @Test
  void aCertificateFromAFilledUpNvIndexIsRead() {
    byte[] der = Fixture.CLEAN.shared("ek_rsa.cert.der");
    byte[] nv = Arrays.copyOf(der, 2048);
    byte[] trailing = Arrays.copyOf(der, der.length + 1);
    trailing[der.length] = 1;

    assertThat(EkCertificate.parse(nv).certificate())
        .isEqualTo(EkCertificate.parse(der).certificate());
    Refusal.of(Code.MALFORMED, () -> EkCertificate.parse(trailing));
  }

  private static EndorsedCertificate verify(byte[] certificate) {
    return VERIFIER.verify(EkCertificate.parse(certificate), List.of(), NOW);
  }

  private static TpmPublic ek(Fixture boot) {
    return TpmPublic.parseSized(boot.shared("ek_rsa.pub.tpmt"));
  }
}
