package dev.keystead.control.registrar;

import dev.keystead.control.registrar.Candidate.DeviceKeys;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.endorsement.DeviceCertificate;
import dev.keystead.evidence.endorsement.EndorsementVerifier;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.CertifyVerifier;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.registration.DeviceIdentity;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.ObjectAttributes;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmSignature;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Looks at an IAK and IDevID whole: each key is its certificate's, both certificates are of a maker
 * that is believed and of one device, and the IAK says that the AK is in its TPM.
 */
final class DeviceProof {
  private static final int SIGNING =
      ObjectAttributes.SIGN
          | ObjectAttributes.FIXED_TPM
          | ObjectAttributes.FIXED_PARENT
          | ObjectAttributes.SENSITIVE_DATA_ORIGIN;

  private DeviceProof() {}

  /**
   * The keys of a device, when all of it is there and fits.
   *
   * @param makers who is believed
   * @throws EvidenceException with what does not fit
   */
  static DeviceKeys require(
      AgentId id,
      DeviceIdentity sent,
      AttestationKey ak,
      Optional<EndorsementVerifier> makers,
      Instant now) {
    TpmPublic iak = there(sent.iak(), "iak_tpm");
    TpmPublic idevid = there(sent.idevid(), "idevid_tpm");
    byte[] iakDer = there(sent.iakCert(), "iak_cert");
    byte[] idevidDer = there(sent.idevidCert(), "idevid_cert");
    DeviceCertificate iakCert = DeviceCertificate.parse(iakDer, "iak_cert");
    DeviceCertificate idevidCert = DeviceCertificate.parse(idevidDer, "idevid_cert");
    EndorsementVerifier believed =
        makers.orElseThrow(() ->
            new EvidenceException(
                Code.EK_UNTRUSTED, "iak_cert", "no maker of devices is believed here"));
    iakCert.requireMadeBy(believed, now);
    idevidCert.requireMadeBy(believed, now);
    iakCert.requireKey(iak);
    idevidCert.requireKey(idevid);
    requireOneDevice(iakCert, idevidCert);
    requireIdevid(idevid);
    new CertifyVerifier(AttestationKey.of(iak))
        .require(
            there(sent.attest(), "iak_attest"),
            signature(there(sent.signature(), "iak_sign")),
            ak.name(),
            // Since 2.6 the hash of the id, before the id itself.
            List.of(HashAlg.SHA256.hash(id.bytes()), id.bytes()));
    return new DeviceKeys(
        iak.toSizedBytes(),
        iakDer,
        idevid.toSizedBytes(),
        idevidDer,
        idevidCert.module().or(iakCert::module));
  }

  private static void requireOneDevice(DeviceCertificate iak, DeviceCertificate idevid) {
    if (iak.module().isPresent()
        && idevid.module().isPresent()
        && !iak.module().equals(idevid.module())) {
      throw new EvidenceException(
          Code.EK_MISMATCH, "idevid_cert", "it names another device than the iak_cert");
    }
  }

  private static void requireIdevid(TpmPublic area) {
    ObjectAttributes attributes = area.attributes();
    if (!attributes.has(SIGNING)
        || !attributes.hasNone(ObjectAttributes.DECRYPT | ObjectAttributes.RESTRICTED)) {
      throw new EvidenceException(
          Code.AK_UNFIT, "idevid_tpm", "it is not a signing key that its TPM made and keeps");
    }
  }

  private static TpmSignature signature(byte[] bytes) {
    try {
      return TpmSignature.parse(bytes);
    } catch (TpmFormatException e) {
      throw new EvidenceException(Code.MALFORMED, "iak_sign", String.valueOf(e.getMessage()));
    }
  }

  private static <T> T there(Optional<T> field, String name) {
    return field.orElseThrow(() ->
        new EvidenceException(
            Code.MALFORMED, name, "missing: a device identity is sent whole or not at all"));
  }
}
