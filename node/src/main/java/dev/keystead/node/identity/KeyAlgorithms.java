package dev.keystead.node.identity;

import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.template.KeyTemplate;

/** Which endorsement and attestation key an agent uses. */
public enum KeyAlgorithms {
  /** P-256 for both, ECDSA. */
  ECC_P256(EkTemplate.L2_ECC_P256, "ecc256"),
  /** P-384 for both, ECDSA. */
  ECC_P384(EkTemplate.H3_ECC_P384, "ecc384"),
  /** RSA-2048 for both, RSASSA. */
  RSA_2048(EkTemplate.L1_RSA_2048, "rsa2048");

  private final EkTemplate endorsement;
  private final String label;

  KeyAlgorithms(EkTemplate endorsement, String label) {
    this.endorsement = endorsement;
    this.label = label;
  }

  /** The template of the endorsement key. */
  public EkTemplate endorsement() {
    return endorsement;
  }

  /** Keylime's name of the encryption algorithm since 2.5. */
  public String label() {
    return label;
  }

  /** The template of an attestation key that signs with this hash. */
  public TpmPublic attestation(HashAlg hash) {
    return switch (this) {
      case ECC_P256 -> KeyTemplate.attestationEcc(EccCurve.P256, hash);
      case ECC_P384 -> KeyTemplate.attestationEcc(EccCurve.P384, hash);
      case RSA_2048 -> KeyTemplate.attestationRsa(2048, SignatureScheme.rsassa(hash));
    };
  }

  /** The algorithms with this label. */
  public static KeyAlgorithms named(String label) {
    for (KeyAlgorithms algorithms : values()) {
      if (algorithms.label.equals(label)) {
        return algorithms;
      }
    }
    throw new IllegalArgumentException("key algorithms are ecc256, ecc384 or rsa2048");
  }
}
