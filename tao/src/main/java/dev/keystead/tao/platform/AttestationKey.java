package dev.keystead.tao.platform;

import dev.keystead.claims.Segment;
import dev.keystead.claims.Sha256;
import dev.keystead.claims.TaoName;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.ObjectAttributes;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.template.KeyTemplate;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The TPM's attestation key of the Tao: restricted, on P-256, derived from the endorsement seed, so
 * that it needs no storage; a TPM tells its reset counters in clear only to keys of that hierarchy.
 * It quotes nothing but statements of the Tao: a key that also quotes what a verifier chooses would
 * sign statements for that verifier.
 */
final class AttestationKey {
  private static final byte[] UNIQUE =
      Sha256.of("keystead/attestation-key/1".getBytes(StandardCharsets.US_ASCII));

  private static final int REQUIRED =
      ObjectAttributes.FIXED_TPM
          | ObjectAttributes.FIXED_PARENT
          | ObjectAttributes.SENSITIVE_DATA_ORIGIN
          | ObjectAttributes.RESTRICTED
          | ObjectAttributes.SIGN;

  private AttestationKey() {}

  /** Derives the key. */
  static TpmObject open(Tpm tpm) throws TpmException {
    TpmPublic plain = KeyTemplate.attestationEcc(EccCurve.P256, HashAlg.SHA256);
    TpmPublic.Ecc own =
        new TpmPublic.Ecc(
            Optional.empty(),
            TpmSignature.ECDSA,
            Optional.of(HashAlg.SHA256),
            EccCurve.P256,
            UNIQUE,
            new byte[EccCurve.P256.size()]);
    TpmPublic template =
        new TpmPublic(plain.nameAlg(), plain.attributes(), plain.authPolicy(), own);
    return tpm.open(new CreatePrimary(Handle.ENDORSEMENT.withEmptyAuth(), template));
  }

  /**
   * Whether a key with this public area, if a TPM has it, signs nothing but the TPM's own words.
   */
  static boolean isOne(TpmPublic area) {
    return area.nameAlg() == HashAlg.SHA256
        && area.attributes().has(REQUIRED)
        && area.attributes().hasNone(ObjectAttributes.DECRYPT)
        && area.key() instanceof TpmPublic.Ecc ecc
        && ecc.curve() == EccCurve.P256
        && ecc.scheme() == TpmSignature.ECDSA
        && ecc.schemeHash().equals(Optional.of(HashAlg.SHA256));
  }

  /** What the TPM with this endorsement key is called: the SHA-256 of the key's TPMT_PUBLIC. */
  static Segment platform(TpmPublic endorsementKey) {
    return Segment.of(TaoName.TPM, Sha256.of(endorsementKey.toBytes()));
  }
}
