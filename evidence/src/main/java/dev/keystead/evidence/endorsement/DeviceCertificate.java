package dev.keystead.evidence.endorsement;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmPublic;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The certificate of a device's own key: an IDevID (IEEE 802.1AR) or an initial attestation key
 * (TCG TPM 2.0 Keys for Device Identity and Attestation). An instance says what it is about;
 * whether its maker is trusted is for {@link #requireMadeBy}.
 */
public final class DeviceCertificate {
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_CERT_SIGN = 5;

  private final String what;
  private final X509Certificate certificate;
  private final Optional<HardwareModule> module;

  private DeviceCertificate(
      String what, X509Certificate certificate, Optional<HardwareModule> module) {
    this.what = what;
    this.certificate = certificate;
    this.module = module;
  }

  /**
   * Parses one certificate, DER or PEM, and requires that it is a device's: no authority, for
   * signatures, its HardwareModuleName well formed if it has one.
   *
   * @param what names it in findings, such as {@code IAK certificate}
   * @throws EvidenceException with MALFORMED or EK_UNTRUSTED
   */
  public static DeviceCertificate parse(byte[] bytes, String what) {
    X509Certificate certificate = CertificateFile.single(bytes);
    if (certificate.getBasicConstraints() != -1) {
      throw new EvidenceException(Code.EK_UNTRUSTED, what, "it is an authority's certificate");
    }
    boolean[] use = certificate.getKeyUsage();
    if (use != null && (!use[DIGITAL_SIGNATURE] || use[KEY_CERT_SIGN])) {
      throw new EvidenceException(Code.EK_UNTRUSTED, what, "its key usage is not to sign");
    }
    return new DeviceCertificate(what, certificate, HardwareModule.of(certificate, what));
  }

  /**
   * Requires that it is about this key.
   *
   * @throws EvidenceException with EK_MISMATCH
   */
  public void requireKey(TpmPublic area) {
    PublicKey key;
    try {
      key = area.toPublicKey();
    } catch (TpmFormatException e) {
      throw new EvidenceException(Code.EK_MISMATCH, what, String.valueOf(e.getMessage()));
    }
    if (!EndorsedKey.sameKey(key, certificate.getPublicKey())) {
      throw new EvidenceException(Code.EK_MISMATCH, what, "it is about another key");
    }
  }

  /**
   * Requires a valid path to a root of the device's maker.
   *
   * @throws EvidenceException with EK_UNTRUSTED
   */
  public void requireMadeBy(EndorsementVerifier makers, Instant now) {
    makers.path(certificate, List.of(), what, now);
  }

  /** Which device it names. */
  public Optional<HardwareModule> module() {
    return module;
  }
}
