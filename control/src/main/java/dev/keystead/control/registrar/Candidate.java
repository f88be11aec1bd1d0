package dev.keystead.control.registrar;

import dev.keystead.evidence.endorsement.HardwareModule;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.tpm.structure.TpmWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Who an agent says it is, with keys that were looked at and are not proved yet. Held as the bytes
 * that are stored, since thousands of these wait for their proof at a time.
 *
 * @param id the name it wants
 * @param keys the TPM it says it has
 * @param contact where it can be spoken to
 * @param mtlsCert its certificate in PEM, or {@code disabled}
 */
record Candidate(
    AgentId id, TpmKeys keys, Optional<ContactAddress> contact, Optional<String> mtlsCert) {

  /**
   * The keys of a TPM.
   *
   * @param ek TPM2B_PUBLIC
   * @param ekName the endorsement key's Name
   * @param ekCert its certificate in DER
   * @param ak TPM2B_PUBLIC
   * @param akName the attestation key's Name
   * @param device IAK and IDevID
   */
  record TpmKeys(
      byte[] ek,
      byte[] ekName,
      Optional<byte[]> ekCert,
      byte[] ak,
      byte[] akName,
      Optional<DeviceKeys> device) {
    /**
     * Whether an agent with those keys may take the place of this one: the same keys with the same
     * certificate, and the same device identity if there was one.
     */
    boolean admits(TpmKeys other) {
      return Arrays.equals(ek, other.ek)
          && Arrays.equals(ak, other.ak)
          && Arrays.equals(ekCert.orElse(new byte[0]), other.ekCert.orElse(new byte[0]))
          && (device.isEmpty() || device.get().same(other.device));
    }
  }

  /**
   * A device's own keys.
   *
   * @param iak TPM2B_PUBLIC
   * @param iakCert DER
   * @param idevid TPM2B_PUBLIC
   * @param idevidCert DER
   * @param module the device that they name
   */
  record DeviceKeys(
      byte[] iak,
      byte[] iakCert,
      byte[] idevid,
      byte[] idevidCert,
      Optional<HardwareModule> module) {
    /** Whether those are the same keys with the same certificates. */
    boolean same(Optional<DeviceKeys> other) {
      return other.isPresent()
          && Arrays.equals(iak, other.get().iak)
          && Arrays.equals(iakCert, other.get().iakCert)
          && Arrays.equals(idevid, other.get().idevid)
          && Arrays.equals(idevidCert, other.get().idevidCert);
    }

    int size() {
      return iak.length + iakCert.length + idevid.length + idevidCert.length;
    }
  }

  /** About how many bytes it takes in memory. */
  int size() {
    return 512
        + keys.ek.length
        + keys.ak.length
        + keys.ekCert.map(der -> der.length).orElse(0)
        + keys.device.map(DeviceKeys::size).orElse(0)
        + mtlsCert.map(String::length).orElse(0);
  }

  /** SHA-256 over every field: equal for candidates that do not differ. */
  byte[] fingerprint() {
    TpmWriter out = new TpmWriter();
    field(out, id.bytes());
    field(out, keys.ek);
    field(out, keys.ekCert.orElse(new byte[0]));
    field(out, keys.ak);
    keys.device.ifPresent(device -> {
      field(out, device.iakCert);
      field(out, device.idevidCert);
    });
    field(out, contact.map(ContactAddress::authority).orElse("").getBytes(StandardCharsets.UTF_8));
    field(out, mtlsCert.orElse("").getBytes(StandardCharsets.UTF_8));
    try {
      return MessageDigest.getInstance("SHA-256").digest(out.toBytes());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  private static void field(TpmWriter out, byte[] bytes) {
    out.u32(bytes.length).bytes(bytes);
  }
}
