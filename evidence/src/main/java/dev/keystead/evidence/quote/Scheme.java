package dev.keystead.evidence.quote;

import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmSignature;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A signature scheme that a quote can have. */
public enum Scheme {
  /** RSASSA-PKCS1-v1_5. */
  RSASSA(TpmSignature.RSASSA),
  /** RSASSA-PSS, MGF1 with the same hash. */
  RSAPSS(TpmSignature.RSAPSS),
  /** ECDSA. */
  ECDSA(TpmSignature.ECDSA);

  /** The hashes that a quote may be signed with. */
  static final Set<HashAlg> STRONG_HASHES =
      EnumSet.of(HashAlg.SHA256, HashAlg.SHA384, HashAlg.SHA512);

  private final int id;

  Scheme(int id) {
    this.id = id;
  }

  /** The name as Keylime writes it: {@code rsassa}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scheme with this TPM_ALG_ID. */
  public static Optional<Scheme> find(int id) {
    for (Scheme scheme : values()) {
      if (scheme.id == id) {
        return Optional.of(scheme);
      }
    }
    return Optional.empty();
  }

  /** The scheme of a signature. */
  public static Scheme of(TpmSignature signature) {
    return switch (signature) {
      case TpmSignature.RsaSsa _ -> RSASSA;
      case TpmSignature.RsaPss _ -> RSAPSS;
      case TpmSignature.Ecdsa _ -> ECDSA;
    };
  }
}
