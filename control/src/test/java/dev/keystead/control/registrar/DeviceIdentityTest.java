package dev.keystead.control.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.control.TestTpm;
import dev.keystead.control.registrar.Admission.MalformedCertificates;
import dev.keystead.control.registrar.Admission.TpmIdentity;
import dev.keystead.control.registrar.Candidate.TpmKeys;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.endorsement.EndorsementStore;
import dev.keystead.evidence.endorsement.EndorsementVerifier;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.registration.DeviceIdentity;
import dev.keystead.keylime.registration.Registration;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.command.Attestation;
import dev.keystead.tpm.command.Certify;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.KeyTemplate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** IAK and IDevID of a real TPM, with certificates of a maker of our own. */
class DeviceIdentityTest {
  private static final AgentId ID = AgentId.of("device");
  private static final TestMaker MAKER = TestMaker.create("device maker");
  private static final TestMaker STRANGER = TestMaker.create("device maker");

  @TempDir static Path folder;
  private static TestTpm tpm;
  private static TpmObject iak;
  private static TpmPublic idevid;

  @BeforeAll
  static void makeKeys() throws TpmException {
    tpm = TestTpm.open(folder.resolve("tpm"));
    try (TpmObject other = primary(KeyTemplate.signingEccKey(EccCurve.P384, HashAlg.SHA384))) {
      idevid = other.area();
    }
    iak = primary(KeyTemplate.attestationEcc(EccCurve.P384, HashAlg.SHA384));
    // A TPM has room for three objects: EK, AK and IAK.
  }

  private static TpmObject primary(TpmPublic area) throws TpmException {
    return tpm.tpm().open(new CreatePrimary(Handle.ENDORSEMENT.withEmptyAuth(), area));
  }

  @AfterAll
  static void close() throws TpmException {
    iak.close();
    tpm.close();
  }

  @Test
  void aDeviceThatProvesItselfWholeIsTakenAndNamed() throws Exception {
    TpmKeys keys = judge(whole(), believing(TpmIdentity.IAK_IDEVID)).keys();
    assertThat(keys.device().orElseThrow().module().orElseThrow().serial()).isEqualTo("SN-1");
    assertThat(keys.device().orElseThrow().module().orElseThrow().type()).isEqualTo("2.23.133.1.2");
  }

  @Test
  void theAgentIdMayBeCertifiedAsItIsAsBeforeVersion26() throws Exception {
    var keys = judge(identity(certify(iak, ID.bytes()), "SN-1", "SN-1", MAKER), any()).keys();
    assertThat(keys.device()).isPresent();
  }

  @Test
  void aCertificationForAnotherAgentIsRefused() throws Exception {
    refused(
        identity(
            certify(iak, HashAlg.SHA256.hash("other".getBytes(StandardCharsets.UTF_8))),
            "SN-1",
            "SN-1",
            MAKER),
        "for another purpose");
  }

  @Test
  void aCertificationByAnotherKeyIsRefused() throws Exception {
    refused(
        identity(certify(tpm.ak(), HashAlg.SHA256.hash(ID.bytes())), "SN-1", "SN-1", MAKER),
        "not signed as the certifying key signs");
  }

  @Test
  void aCertificationOfAnotherKeyIsRefused() throws Exception {
    Attestation attestation =
        tpm.tpm()
            .execute(
                new Certify(
                    iak.handle().withEmptyAuth(),
                    iak.handle().withEmptyAuth(),
                    HashAlg.SHA256.hash(ID.bytes()),
                    SignatureScheme.OF_KEY));
    refused(identity(attestation, "SN-1", "SN-1", MAKER), "does not certify this key");
  }

  @Test
  void aMakerWhoOnlyBearsTheNameIsNotBelieved() throws Exception {
    refused(identity(certify(iak, HashAlg.SHA256.hash(ID.bytes())), "SN-1", "SN-1", STRANGER), "");
  }

  @Test
  void certificatesOfTwoDevicesAreRefused() throws Exception {
    refused(
        identity(certify(iak, HashAlg.SHA256.hash(ID.bytes())), "SN-1", "SN-2", MAKER),
        "another device");
  }

  @Test
  void aCertificateAboutAnotherKeyIsRefused() throws Exception {
    DeviceIdentity whole = whole();
    refused(
        new DeviceIdentity(
            whole.iak(),
            whole.idevid(),
            whole.idevidCert(),
            whole.idevidCert(),
            whole.attest(),
            whole.signature()),
        "about another key");
  }

  @Test
  void aRestrictedKeyIsNoIdevid() throws Exception {
    DeviceIdentity whole = whole();
    refused(
        new DeviceIdentity(
            whole.iak(),
            whole.iak(),
            whole.iakCert(),
            whole.iakCert(),
            whole.attest(),
            whole.signature()),
        "not a signing key");
  }

  @Test
  void aPartOfADeviceIdentityIsRefused() throws Exception {
    DeviceIdentity w = whole();
    Optional<byte[]> no = Optional.empty();
    for (DeviceIdentity part :
        List.of(
            new DeviceIdentity(
                Optional.empty(),
                w.idevid(),
                w.iakCert(),
                w.idevidCert(),
                w.attest(),
                w.signature()),
            new DeviceIdentity(
                w.iak(), Optional.empty(), w.iakCert(), w.idevidCert(), w.attest(), w.signature()),
            new DeviceIdentity(w.iak(), w.idevid(), no, w.idevidCert(), w.attest(), w.signature()),
            new DeviceIdentity(w.iak(), w.idevid(), w.iakCert(), no, w.attest(), w.signature()),
            new DeviceIdentity(w.iak(), w.idevid(), w.iakCert(), w.idevidCert(), no, w.signature()),
            new DeviceIdentity(w.iak(), w.idevid(), w.iakCert(), w.idevidCert(), w.attest(), no))) {
      refused(part, "missing");
    }
  }

  @Test
  void withoutAMakerWhoIsBelievedNoDeviceIdentityIs() throws Exception {
    assertThatThrownBy(() -> judge(whole(), Admission.DEFAULT))
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("no maker");
  }

  @Test
  void whereOnlyTheEkCertificateCountsADeviceIdentityIsPassedOver() {
    assertThatThrownBy(() -> judge(whole(), believing(TpmIdentity.EK_CERT)))
        .hasMessageContaining("EK certificate is asked for");
  }

  @ParameterizedTest
  @EnumSource(
      value = TpmIdentity.class,
      names = {"EK_CERT_OR_IAK_IDEVID", "EK_CERT", "IAK_IDEVID"})
  void aTpmWithoutTheRootThatIsAskedForIsRefused(TpmIdentity wanted) {
    assertThatThrownBy(() -> judge(DeviceIdentity.NONE, believing(wanted)))
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("asked for here");
  }

  @Test
  void aDeviceIdentityIsEnoughWhereEitherRootIs() throws Exception {
    assertThat(judge(whole(), believing(TpmIdentity.EK_CERT_OR_IAK_IDEVID)).keys().device())
        .isPresent();
  }

  @Test
  void aCertificateThatIsNotStrictDerIsRefusedWhereTheOwnerSaysSo() throws Exception {
    DeviceIdentity whole = whole();
    UnaryOperator<byte[]> loose = TestMaker::withLongLength;
    DeviceIdentity malformed =
        new DeviceIdentity(
            whole.iak(),
            whole.idevid(),
            whole.iakCert().map(loose),
            whole.idevidCert(),
            whole.attest(),
            whole.signature());
    assertThatThrownBy(() ->
            judge(
                malformed,
                new Admission(
                    TpmIdentity.DEFAULT,
                    MalformedCertificates.REJECT,
                    Optional.empty(),
                    Optional.of(MAKER.verifier()),
                    true)))
        .hasMessageContaining("strict DER");
  }

  @Test
  void anEkCertificateNeedsItsMakerWhereTheOwnerNamesMakers() throws Exception {
    Registration real = RecordedRegistrationTest.read("rust-rsa2048");
    EndorsementVerifier makers =
        new EndorsementVerifier(
            EndorsementStore.of(List.of(bytes("ek-ca-root.der"), bytes("ek-ca-issuer.der"))));
    Admission admission =
        new Admission(
            TpmIdentity.EK_CERT,
            MalformedCertificates.REJECT,
            Optional.of(makers),
            Optional.empty(),
            true);
    assertThat(Identity.of(ID, real, admission, Instant.now()).keys().ekCert()).isPresent();
    Admission others =
        new Admission(
            TpmIdentity.EK_CERT,
            MalformedCertificates.WARN,
            Optional.of(MAKER.verifier()),
            Optional.empty(),
            true);
    assertThatThrownBy(() -> Identity.of(ID, real, others, Instant.now()))
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("no valid path");
  }

  private static byte[] bytes(String name) throws Exception {
    try (var in = DeviceIdentityTest.class.getResourceAsStream(name)) {
      return java.util.Objects.requireNonNull(in).readAllBytes();
    }
  }

  private static void refused(DeviceIdentity device, String reason) {
    assertThatThrownBy(() -> judge(device, any()))
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining(reason);
  }

  private static Identity judge(DeviceIdentity device, Admission admission) {
    Registration real = tpm.registration(9002, Optional.empty());
    return Identity.of(
        ID,
        new Registration(
            Optional.empty(),
            real.ak(),
            real.ek(),
            real.ekCert(),
            device,
            real.mtlsCert(),
            real.contact()),
        admission,
        Instant.now());
  }

  private static Admission any() {
    return believing(TpmIdentity.DEFAULT);
  }

  private static Admission believing(TpmIdentity wanted) {
    return new Admission(
        wanted, MalformedCertificates.WARN, Optional.empty(), Optional.of(MAKER.verifier()), true);
  }

  private static DeviceIdentity whole() throws TpmException {
    return identity(certify(iak, HashAlg.SHA256.hash(ID.bytes())), "SN-1", "SN-1", MAKER);
  }

  private static Attestation certify(TpmObject by, byte[] qualifying) throws TpmException {
    return tpm.tpm()
        .execute(
            new Certify(
                tpm.ak().handle().withEmptyAuth(),
                by.handle().withEmptyAuth(),
                qualifying,
                SignatureScheme.OF_KEY));
  }

  private static DeviceIdentity identity(
      Attestation attestation, String iakSerial, String idevidSerial, TestMaker maker) {
    return new DeviceIdentity(
        Optional.of(iak.area()),
        Optional.of(idevid),
        Optional.of(maker.certify(iak.area(), iakSerial)),
        Optional.of(maker.certify(idevid, idevidSerial)),
        Optional.of(attestation.attest()),
        Optional.of(attestation.signatureBytes()));
  }
}
