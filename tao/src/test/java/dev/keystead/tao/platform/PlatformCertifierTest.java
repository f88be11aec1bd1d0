package dev.keystead.tao.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.claims.Segment;
import dev.keystead.claims.TaoName;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.Domain;
import dev.keystead.tao.Machine;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.platform.CertificationException.Reason;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.ObjectAttributes;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.template.KeyTemplate;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Only the TPMs that the owner chose get a certificate, and each only its own. */
class PlatformCertifierTest {
  private static final EkTemplate EK = EkTemplate.L2_ECC_P256;

  @TempDir Path directory;

  private Domain domain;
  private Machine machine;
  private PlatformRequest request;

  @BeforeEach
  void start() throws Exception {
    domain = new Domain();
    machine = new Machine(directory.resolve("tpm"));
    request = PlatformRequest.parse(PlatformRequest.of(machine.tpm(), EK).encode());
  }

  @AfterEach
  void stop() throws Exception {
    machine.close();
  }

  private PlatformCertifier certifier(Segment... listed) {
    return new PlatformCertifier(domain.owner(), Set.of(listed), new SecureRandom());
  }

  @ParameterizedTest
  @EnumSource(
      value = EkTemplate.class,
      names = {"L1_RSA_2048", "L2_ECC_P256", "H3_ECC_P384"})
  void aListedTpmGetsTheCertificateOfItsKey(EkTemplate template) throws Exception {
    PlatformRequest asked = PlatformRequest.of(machine.tpm(), template);
    ProtectedCertificate made = certifier(asked.platform()).certify(asked, domain.year());
    AttestCertificate certificate =
        ProtectedCertificate.parse(made.encode()).open(machine.tpm(), template);
    assertThat(domain.verifier().verify(certificate, domain.instant()))
        .isEqualTo(TaoName.of(asked.platform()));
  }

  @Test
  void aGenuineTpmThatIsNotOnTheListGetsNothing() throws Exception {
    assertRefused(Reason.NOT_LISTED, certifier(), request);
    try (Machine other = new Machine(directory.resolve("other"))) {
      Segment listed = PlatformRequest.of(other.tpm(), EK).platform();
      assertRefused(Reason.NOT_LISTED, certifier(listed), request);
    }
  }

  @Test
  void noOtherTpmOpensTheCertificate() throws Exception {
    ProtectedCertificate made = certifier(request.platform()).certify(request, domain.year());
    try (Machine other = new Machine(directory.resolve("other"))) {
      assertThatThrownBy(() -> made.open(other.tpm(), EK))
          .isInstanceOfSatisfying(
              TaoException.class,
              e -> assertThat(e.reason()).isEqualTo(TaoException.Reason.NOT_PERMITTED));
    }
  }

  @Test
  void aKeyThatIsNotInTheListedTpmGetsACertificateThatNobodyCanOpen() throws Exception {
    try (Machine other = new Machine(directory.resolve("other"))) {
      TpmPublic foreign = PlatformRequest.of(other.tpm(), EK).attestationKey();
      PlatformRequest mixed = new PlatformRequest(request.endorsementKey(), foreign);
      ProtectedCertificate made = certifier(request.platform()).certify(mixed, domain.year());
      for (Machine tried : new Machine[] {machine, other}) {
        assertThatThrownBy(() -> made.open(tried.tpm(), EK)).isInstanceOf(TaoException.class);
      }
    }
  }

  @Test
  void aKeyThatSignsOtherThingsThanTheTpmsWordsIsNotCertified() throws Exception {
    TpmPublic good = request.attestationKey();
    int[] needed = {
      ObjectAttributes.RESTRICTED,
      ObjectAttributes.SIGN,
      ObjectAttributes.FIXED_TPM,
      ObjectAttributes.FIXED_PARENT,
      ObjectAttributes.SENSITIVE_DATA_ORIGIN
    };
    for (int attribute : needed) {
      assertNotAnAttestationKey(with(good, good.attributes().bits() & ~attribute));
    }
    assertNotAnAttestationKey(with(good, good.attributes().bits() | ObjectAttributes.DECRYPT));
    TpmPublic[] templates = {
      KeyTemplate.signingEccKey(EccCurve.P256, HashAlg.SHA256),
      KeyTemplate.attestationEcc(EccCurve.P384, HashAlg.SHA384),
      KeyTemplate.attestationRsa(2048, SignatureScheme.rsassa(HashAlg.SHA256)),
      KeyTemplate.storageEcc()
    };
    for (TpmPublic template : templates) {
      try (TpmObject key =
          machine.tpm().open(new CreatePrimary(Handle.OWNER.withEmptyAuth(), template))) {
        assertNotAnAttestationKey(key.area());
      }
    }
  }

  private void assertNotAnAttestationKey(TpmPublic key) {
    assertRefused(
        Reason.NOT_AN_ATTESTATION_KEY,
        certifier(request.platform()),
        new PlatformRequest(request.endorsementKey(), key));
  }

  private static TpmPublic with(TpmPublic key, int attributes) {
    return new TpmPublic(
        key.nameAlg(), new ObjectAttributes(attributes), key.authPolicy(), key.key());
  }

  @Test
  void aKeyThatEncryptsNothingIsNoEndorsementKey() throws Exception {
    PlatformRequest asked = new PlatformRequest(request.attestationKey(), request.attestationKey());
    assertRefused(Reason.NOT_AN_ENDORSEMENT_KEY, certifier(asked.platform()), asked);
  }

  @Test
  void aChangedCertificateIsNotOpened() throws Exception {
    byte[] made = certifier(request.platform()).certify(request, domain.year()).encode();
    for (int at = 0; at < made.length; at += 3) {
      byte[] changed = made.clone();
      changed[at] ^= 0x04;
      assertThatThrownBy(() -> ProtectedCertificate.parse(changed).open(machine.tpm(), EK))
          .as("byte %d", at)
          .isInstanceOfAny(TaoException.class, CborException.class);
    }
  }

  @Test
  void requestsAndCertificatesAreParsedStrictly() {
    byte[] good = request.encode();
    for (byte[] bad :
        new byte[][] {
          new byte[0], Arrays.copyOf(good, good.length - 1), Arrays.copyOf(good, good.length + 1)
        }) {
      assertThatThrownBy(() -> PlatformRequest.parse(bad)).isInstanceOf(CborException.class);
      assertThatThrownBy(() -> ProtectedCertificate.parse(bad)).isInstanceOf(CborException.class);
      assertThatThrownBy(() -> SealedRoot.parse(bad)).isInstanceOf(CborException.class);
      assertThatThrownBy(() -> PcrApproval.parse(bad)).isInstanceOf(CborException.class);
    }
  }

  private void assertRefused(Reason reason, PlatformCertifier certifier, PlatformRequest asked) {
    assertThatThrownBy(() -> certifier.certify(asked, domain.year()))
        .isInstanceOfSatisfying(
            CertificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
