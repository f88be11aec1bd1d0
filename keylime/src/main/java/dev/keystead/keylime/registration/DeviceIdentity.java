package dev.keystead.keylime.registration;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.tpm.structure.TpmPublic;
import java.util.Optional;

/**
 * Initial attestation key and device identity, as IEEE 802.1AR and the TCG define them.
 *
 * @param iak the initial attestation key
 * @param idevid the device's identity key
 * @param iakCert DER
 * @param idevidCert DER
 * @param attest TPMS_ATTEST: the AK, certified by the IAK
 * @param signature TPMT_SIGNATURE over it
 */
public record DeviceIdentity(
    Optional<TpmPublic> iak,
    Optional<TpmPublic> idevid,
    Optional<byte[]> iakCert,
    Optional<byte[]> idevidCert,
    Optional<byte[]> attest,
    Optional<byte[]> signature) {
  /** No device identity. */
  public static final DeviceIdentity NONE =
      new DeviceIdentity(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  static DeviceIdentity read(Fields fields) {
    return new DeviceIdentity(
        Registration.publicArea(fields, "iak_tpm"),
        Registration.publicArea(fields, "idevid_tpm"),
        fields.optionalBytes64("iak_cert", EkCert.MAX_DER),
        fields.optionalBytes64("idevid_cert", EkCert.MAX_DER),
        fields.optionalBytes64("iak_attest", 2048),
        fields.optionalBytes64("iak_sign", 1040));
  }

  void write(JsonObjectBuilder out) {
    iak.ifPresent(key -> out.putBytes64("iak_tpm", key.toSizedBytes()));
    idevid.ifPresent(key -> out.putBytes64("idevid_tpm", key.toSizedBytes()));
    iakCert.ifPresentOrElse(der -> out.putBytes64("iak_cert", der), () -> out.putNull("iak_cert"));
    idevidCert.ifPresentOrElse(
        der -> out.putBytes64("idevid_cert", der), () -> out.putNull("idevid_cert"));
    attest.ifPresent(bytes -> out.putBytes64("iak_attest", bytes));
    signature.ifPresent(bytes -> out.putBytes64("iak_sign", bytes));
  }

  /** Whether anything of it was sent. */
  public boolean isPresent() {
    return iak.isPresent()
        || idevid.isPresent()
        || iakCert.isPresent()
        || idevidCert.isPresent()
        || attest.isPresent()
        || signature.isPresent();
  }
}
