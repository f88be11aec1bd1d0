package dev.keystead.tpm.template;

import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.ObjectAttributes;
import dev.keystead.tpm.structure.SymmetricDef;
import dev.keystead.tpm.structure.TpmPublic;
import java.util.Optional;

/**
 * The default templates of endorsement keys (TCG EK Credential Profile 2.5, annex B). The L
 * templates are used by policy only; the H templates also with an authorization value.
 */
public enum EkTemplate {
  /** RSA-2048, low range. */
  L1_RSA_2048(0x01c00002, 256),
  /** ECC P-256, low range. */
  L2_ECC_P256(0x01c0000a, 32),
  /** RSA-2048, high range. */
  H1_RSA_2048(0x01c00012, 0),
  /** ECC P-256, high range. */
  H2_ECC_P256(0x01c00014, 0),
  /** ECC P-384, high range. */
  H3_ECC_P384(0x01c00016, 0),
  /** RSA-3072, high range. */
  H6_RSA_3072(0x01c0001c, 0);

  private static final int ATTRIBUTES =
      ObjectAttributes.FIXED_TPM
          | ObjectAttributes.FIXED_PARENT
          | ObjectAttributes.SENSITIVE_DATA_ORIGIN
          | ObjectAttributes.ADMIN_WITH_POLICY
          | ObjectAttributes.RESTRICTED
          | ObjectAttributes.DECRYPT;

  private final int certificateIndex;
  private final int uniqueSize;

  EkTemplate(int certificateIndex, int uniqueSize) {
    this.certificateIndex = certificateIndex;
    this.uniqueSize = uniqueSize;
  }

  /** The NV index of the certificate for this key. */
  public int certificateIndex() {
    return certificateIndex;
  }

  /** How the key's policy is satisfied. */
  public EkPolicy policy() {
    return switch (this) {
      case L1_RSA_2048, L2_ECC_P256 -> EkPolicy.A_SHA256;
      case H1_RSA_2048, H2_ECC_P256 -> EkPolicy.B_SHA256;
      case H3_ECC_P384, H6_RSA_3072 -> EkPolicy.B_SHA384;
    };
  }

  /** The public area to make the key from. */
  public TpmPublic area() {
    EkPolicy policy = policy();
    int attributes =
        policy == EkPolicy.A_SHA256 ? ATTRIBUTES : ATTRIBUTES | ObjectAttributes.USER_WITH_AUTH;
    return new TpmPublic(
        policy.hash(), new ObjectAttributes(attributes), policy.digest(), key(policy.hash()));
  }

  private TpmPublic.Key key(HashAlg hash) {
    Optional<SymmetricDef> symmetric =
        Optional.of(hash == HashAlg.SHA384 ? SymmetricDef.AES_256 : SymmetricDef.AES_128);
    byte[] unique = new byte[uniqueSize];
    return switch (this) {
      case L1_RSA_2048, H1_RSA_2048 -> rsa(symmetric, 2048, unique);
      case H6_RSA_3072 -> rsa(symmetric, 3072, unique);
      case L2_ECC_P256, H2_ECC_P256 -> ecc(symmetric, EccCurve.P256, unique);
      case H3_ECC_P384 -> ecc(symmetric, EccCurve.P384, unique);
    };
  }

  static TpmPublic.Key rsa(Optional<SymmetricDef> symmetric, int bits, byte[] unique) {
    return new TpmPublic.Rsa(symmetric, TpmPublic.NULL, Optional.empty(), bits, 0, unique);
  }

  static TpmPublic.Key ecc(Optional<SymmetricDef> symmetric, EccCurve curve, byte[] unique) {
    return new TpmPublic.Ecc(symmetric, TpmPublic.NULL, Optional.empty(), curve, unique, unique);
  }
}
