package dev.keystead.control.registrar;

import dev.keystead.control.registrar.Admission.MalformedCertificates;
import dev.keystead.control.registrar.Admission.TpmIdentity;
import dev.keystead.control.registrar.Candidate.DeviceKeys;
import dev.keystead.control.registrar.Candidate.TpmKeys;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.endorsement.EkCertificate;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.http.tls.Certificates;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.registration.ChallengeBlob;
import dev.keystead.keylime.registration.EkCert;
import dev.keystead.keylime.registration.Registration;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.command.ProtectedCredential;
import dev.keystead.tpm.credential.SoftwareCredential;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmPublic;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of a registration, looked at whole: the EK is made from a standard template and is the
 * certificate's, the AK signs nothing but what its TPM says, and the two differ. Whether a TPM has
 * them is what the challenge finds out; whether its maker is trusted is for the owner to say.
 */
final class Identity {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final TpmPublic ek;
  private final Optional<EkCert> ekCert;
  private final AttestationKey ak;
  private final Optional<DeviceKeys> device;

  private Identity(
      TpmPublic ek, Optional<EkCert> ekCert, AttestationKey ak, Optional<DeviceKeys> device) {
    this.ek = ek;
    this.ekCert = ekCert;
    this.ak = ak;
    this.device = device;
  }

  /**
   * Looks at the keys.
   *
   * @param admission what is asked of them
   * @throws EvidenceException mostly with AK_UNFIT, EK_MISMATCH or EK_UNTRUSTED
   */
  static Identity of(AgentId id, Registration registration, Admission admission, Instant now) {
    requireStrict(registration, admission);
    Optional<EkCertificate> certificate =
        registration.ekCert().map(cert -> EkCertificate.parse(cert.der()));
    requireMaker(registration, certificate, admission, now);
    Optional<PublicKey> certified = certificate.map(EkCertificate::publicKey);
    TpmPublic ek =
        registration
            .ek()
            .or(() -> certified.map(Endorsement::ofStandardTemplate))
            .orElseThrow(() -> mismatch("neither an EK nor its certificate was sent"));
    PublicKey key = Endorsement.require(ek);
    if (certified.isPresent() && !same(certified.get(), key)) {
      throw mismatch("its certificate is about another key");
    }
    AttestationKey ak = AttestationKey.of(registration.ak());
    if (same(ak.publicKey(), key)) {
      throw mismatch("it is the AK as well");
    }
    Optional<DeviceKeys> device =
        registration.identity().isPresent() && admission.identity() != TpmIdentity.EK_CERT
            ? Optional.of(
                DeviceProof.require(id, registration.identity(), ak, admission.deviceMakers(), now))
            : Optional.empty();
    requireRoot(certificate.isPresent(), device.isPresent(), admission.identity());
    return new Identity(ek, registration.ekCert(), ak, device);
  }

  private static void requireStrict(Registration registration, Admission admission) {
    if (admission.malformed() != MalformedCertificates.REJECT) {
      return;
    }
    Map<String, Optional<byte[]>> all = new LinkedHashMap<>();
    all.put("ekcert", registration.ekCert().map(EkCert::der));
    all.put("iak_cert", registration.identity().iakCert());
    all.put("idevid_cert", registration.identity().idevidCert());
    all.forEach((field, der) -> {
      if (der.isPresent() && !Certificates.isStrictDer(der.get())) {
        throw new EvidenceException(Code.MALFORMED, field, "it is not in strict DER");
      }
    });
  }

  private static void requireMaker(
      Registration registration,
      Optional<EkCertificate> certificate,
      Admission admission,
      Instant now) {
    if (admission.ekMakers().isPresent() && certificate.isPresent()) {
      List<byte[]> hints = registration.ekCert().map(EkCert::hints).orElse(List.of());
      var _ = admission.ekMakers().get().verify(certificate.get(), hints, now);
    }
  }

  private static void requireRoot(boolean ekCert, boolean device, TpmIdentity wanted) {
    boolean enough =
        switch (wanted) {
          case DEFAULT -> true;
          case EK_CERT_OR_IAK_IDEVID -> ekCert || device;
          case EK_CERT -> ekCert;
          case IAK_IDEVID -> device;
        };
    if (!enough) {
      throw new EvidenceException(
          Code.EK_UNTRUSTED,
          "ekcert",
          switch (wanted) {
            case IAK_IDEVID -> "an IAK and IDevID with their certificates are asked for here";
            case EK_CERT -> "an EK certificate is asked for here";
            default -> "an EK certificate, or an IAK and IDevID, is asked for here";
          });
    }
  }

  private static boolean same(PublicKey one, PublicKey other) {
    return Arrays.equals(one.getEncoded(), other.getEncoded());
  }

  static EvidenceException mismatch(String detail) {
    return new EvidenceException(Code.EK_MISMATCH, "EK", detail);
  }

  /** The bytes that are kept. */
  TpmKeys keys() {
    return new TpmKeys(
        ek.toSizedBytes(),
        ek.name().bytes(),
        ekCert.map(EkCert::der),
        ak.area().toSizedBytes(),
        ak.name().bytes(),
        device);
  }

  /** Hides a secret so that only the TPM with this EK opens it, and only beside this AK. */
  ChallengeBlob protect(byte[] secret) {
    try (Secret credential = Secret.of(secret)) {
      ProtectedCredential made = SoftwareCredential.make(ek, credential, ak.name(), RANDOM);
      return new ChallengeBlob(made.idObject(), made.encryptedSecret());
    } catch (TpmFormatException e) {
      throw mismatch("no credential can be made for it: " + e.getMessage());
    }
  }
}
