package dev.keystead.tpm.structure;

import java.util.Optional;

/**
 * TPMT_SIG_SCHEME (Part 2, 11.2.1.5).
 *
 * @param alg the TPM_ALG_ID, TPM_ALG_NULL to leave it to the key
 */
public record SignatureScheme(int alg, Optional<HashAlg> hash) {
  /** What the key was made with. */
  public static final SignatureScheme OF_KEY =
      new SignatureScheme(TpmPublic.NULL, Optional.empty());

  /** Requires a hash with every scheme but TPM_ALG_NULL. */
  public SignatureScheme {
    boolean known =
        alg == TpmSignature.RSASSA || alg == TpmSignature.RSAPSS || alg == TpmSignature.ECDSA;
    if (known != hash.isPresent() || (!known && alg != TpmPublic.NULL)) {
      throw new TpmFormatException("signature scheme 0x%04x is not accepted".formatted(alg));
    }
  }

  /** RSASSA-PKCS1-v1_5. */
  public static SignatureScheme rsassa(HashAlg hash) {
    return new SignatureScheme(TpmSignature.RSASSA, Optional.of(hash));
  }

  /** RSASSA-PSS. */
  public static SignatureScheme rsapss(HashAlg hash) {
    return new SignatureScheme(TpmSignature.RSAPSS, Optional.of(hash));
  }

  /** ECDSA. */
  public static SignatureScheme ecdsa(HashAlg hash) {
    return new SignatureScheme(TpmSignature.ECDSA, Optional.of(hash));
  }

  /** Writes the structure. */
  public void write(TpmWriter out) {
    out.u16(alg);
    hash.ifPresent(h -> out.u16(h.id()));
  }
}
