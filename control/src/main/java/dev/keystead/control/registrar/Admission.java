package dev.keystead.control.registrar;

import dev.keystead.evidence.endorsement.EndorsementVerifier;
import java.util.Optional;

/**
 * What the owner asks of a registration beyond a TPM that proves itself.
 *
 * @param identity which proof of where the TPM comes from is needed
 * @param malformed what is made of certificates that are not strict DER
 * @param ekMakers if there, each EK certificate needs a path to one of them; without, the owner's
 *     tenant is who checks it
 * @param deviceMakers those whose IDevID and IAK certificates are believed; without, none is
 * @param oneIdPerTpm whether a TPM that is active under one id is refused under another
 */
public record Admission(
    TpmIdentity identity,
    MalformedCertificates malformed,
    Optional<EndorsementVerifier> ekMakers,
    Optional<EndorsementVerifier> deviceMakers,
    boolean oneIdPerTpm) {
  /** Any TPM, one id for each; malformed certificates are noted. */
  public static final Admission DEFAULT =
      new Admission(
          TpmIdentity.DEFAULT,
          MalformedCertificates.WARN,
          Optional.empty(),
          Optional.empty(),
          true);

  /** Keylime's {@code tpm_identity}. An EK, certified or not, is needed in each case. */
  public enum TpmIdentity {
    /** None; what is sent is checked. */
    DEFAULT,
    /** An EK certificate, or an IAK and IDevID. */
    EK_CERT_OR_IAK_IDEVID,
    /** An EK certificate; IAK and IDevID are passed over. */
    EK_CERT,
    /** An IAK and IDevID. */
    IAK_IDEVID
  }

  /** Keylime's {@code malformed_cert_action}. */
  public enum MalformedCertificates {
    /** Taken, and noted in the ledger. */
    WARN,
    /** Refused. */
    REJECT,
    /** Taken. */
    IGNORE
  }
}
