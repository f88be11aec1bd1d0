package dev.keystead.tpm.template;

import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.ObjectAttributes;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.SymmetricDef;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmSignature;
import java.util.Optional;

/** Public areas to make storage keys, attestation keys and sealed objects from. */
public final class KeyTemplate {
  private static final byte[] NONE = new byte[0];
  private static final int FIXED =
      ObjectAttributes.FIXED_TPM | ObjectAttributes.FIXED_PARENT | ObjectAttributes.NO_DA;
  private static final int STORAGE =
      FIXED
          | ObjectAttributes.SENSITIVE_DATA_ORIGIN
          | ObjectAttributes.USER_WITH_AUTH
          | ObjectAttributes.RESTRICTED
          | ObjectAttributes.DECRYPT;
  private static final int SIGNING =
      FIXED
          | ObjectAttributes.SENSITIVE_DATA_ORIGIN
          | ObjectAttributes.USER_WITH_AUTH
          | ObjectAttributes.SIGN;

  private KeyTemplate() {}

  /** A storage root key on ECC P-256, outside of dictionary-attack protection. */
  public static TpmPublic storageEcc() {
    return area(STORAGE, NONE, EkTemplate.ecc(aes128(), EccCurve.P256, NONE));
  }

  /** A storage root key with RSA-2048. */
  public static TpmPublic storageRsa() {
    return area(STORAGE, NONE, EkTemplate.rsa(aes128(), 2048, NONE));
  }

  /**
   * An RSA attestation key: restricted, fixed to its TPM, outside of dictionary-attack protection.
   *
   * @param bits 2048 or 3072
   * @param scheme RSASSA or RSAPSS
   */
  public static TpmPublic attestationRsa(int bits, SignatureScheme scheme) {
    return area(SIGNING | ObjectAttributes.RESTRICTED, NONE, signingRsa(bits, scheme));
  }

  /** An ECDSA attestation key, otherwise as the RSA one; the curve is P-256 or P-384. */
  public static TpmPublic attestationEcc(EccCurve curve, HashAlg hash) {
    return area(SIGNING | ObjectAttributes.RESTRICTED, NONE, signingEcc(curve, hash));
  }

  /** An ECDSA key that signs any digest, so it attests to nothing. */
  public static TpmPublic signingEccKey(EccCurve curve, HashAlg hash) {
    return area(SIGNING, NONE, signingEcc(curve, hash));
  }

  /** Sealed data that its authorization value releases. */
  public static TpmPublic sealedByAuth() {
    return area(FIXED | ObjectAttributes.USER_WITH_AUTH, NONE, sealedData());
  }

  /** Sealed data that only a policy releases. */
  public static TpmPublic sealedByPolicy(byte[] policy) {
    return area(FIXED | ObjectAttributes.ADMIN_WITH_POLICY, policy, sealedData());
  }

  private static TpmPublic area(int attributes, byte[] policy, TpmPublic.Key key) {
    return new TpmPublic(HashAlg.SHA256, new ObjectAttributes(attributes), policy, key);
  }

  private static TpmPublic.Key sealedData() {
    return new TpmPublic.KeyedHash(TpmPublic.NULL, Optional.empty(), NONE);
  }

  private static TpmPublic.Key signingRsa(int bits, SignatureScheme scheme) {
    if (scheme.alg() != TpmSignature.RSASSA && scheme.alg() != TpmSignature.RSAPSS) {
      throw new TpmFormatException("an RSA key does not sign with 0x%04x".formatted(scheme.alg()));
    }
    return new TpmPublic.Rsa(Optional.empty(), scheme.alg(), scheme.hash(), bits, 0, NONE);
  }

  private static TpmPublic.Key signingEcc(EccCurve curve, HashAlg hash) {
    return new TpmPublic.Ecc(
        Optional.empty(), TpmSignature.ECDSA, Optional.of(hash), curve, NONE, NONE);
  }

  private static Optional<SymmetricDef> aes128() {
    return Optional.of(SymmetricDef.AES_128);
  }
}
