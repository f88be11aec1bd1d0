package dev.keystead.evidence.quote;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.ObjectAttributes;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmPublic;
import java.security.PublicKey;
import java.util.Optional;

/**
 * A key that signs only what a TPM says about itself: restricted, made in this TPM and bound to it,
 * for signing only, of today's strength. An instance is the proof that this was checked. That the
 * TPM in question exists is proved by credential activation, not here.
 */
public final class AttestationKey implements QuoteKey {

  private final TpmPublic area;
  private final TpmName name;
  private final PublicKey publicKey;
  private final Scheme scheme;
  private final HashAlg hash;

  private AttestationKey(TpmPublic area, PublicKey publicKey, Scheme scheme, HashAlg hash) {
    this.area = area;
    this.name = area.name();
    this.publicKey = publicKey;
    this.scheme = scheme;
    this.hash = hash;
  }

  /**
   * Looks at the whole public area.
   *
   * @throws EvidenceException with AK_UNFIT and what is wrong
   */
  public static AttestationKey of(TpmPublic area) {
    if (!Scheme.STRONG_HASHES.contains(area.nameAlg())) {
      throw QuoteKey.unfit("its name algorithm is " + area.nameAlg().label());
    }
    requireAttributes(area.attributes());
    return switch (area.key()) {
      case TpmPublic.Rsa rsa ->
          signing(area, rsa.symmetric().isPresent(), rsa.scheme(), rsa.schemeHash());
      case TpmPublic.Ecc ecc ->
          signing(area, ecc.symmetric().isPresent(), ecc.scheme(), ecc.schemeHash());
      case TpmPublic.KeyedHash _ -> throw QuoteKey.unfit("it is a keyed-hash object");
    };
  }

  private static AttestationKey signing(
      TpmPublic area, boolean symmetric, int schemeId, Optional<HashAlg> schemeHash) {
    if (symmetric) {
      throw QuoteKey.unfit("it has a symmetric algorithm, as only storage keys have");
    }
    Scheme scheme =
        Scheme.find(schemeId)
            .orElseThrow(
                () -> QuoteKey.unfit("its scheme 0x%04x signs no quotes".formatted(schemeId)));
    if ((scheme == Scheme.ECDSA) != (area.key() instanceof TpmPublic.Ecc)) {
      throw QuoteKey.unfit("its scheme " + scheme.label() + " is not one of its type");
    }
    HashAlg hash = schemeHash.orElseThrow(() -> QuoteKey.unfit("its scheme has no hash"));
    if (!Scheme.STRONG_HASHES.contains(hash)) {
      throw QuoteKey.unfit("its scheme signs with " + hash.label());
    }
    try {
      PublicKey key = QuoteKey.strong(area.toPublicKey());
      return new AttestationKey(area, key, scheme, hash);
    } catch (TpmFormatException e) {
      throw QuoteKey.unfit(String.valueOf(e.getMessage()));
    }
  }

  private static void requireAttributes(ObjectAttributes attributes) {
    StringBuilder wrong = new StringBuilder();
    missing(wrong, attributes, ObjectAttributes.RESTRICTED, "restricted");
    missing(wrong, attributes, ObjectAttributes.SIGN, "sign");
    missing(wrong, attributes, ObjectAttributes.FIXED_TPM, "fixedTPM");
    missing(wrong, attributes, ObjectAttributes.FIXED_PARENT, "fixedParent");
    missing(wrong, attributes, ObjectAttributes.SENSITIVE_DATA_ORIGIN, "sensitiveDataOrigin");
    if (attributes.has(ObjectAttributes.DECRYPT)) {
      wrong.append(", may decrypt");
    }
    if (!wrong.isEmpty()) {
      throw QuoteKey.unfit("it is " + wrong.substring(2));
    }
  }

  private static void missing(
      StringBuilder wrong, ObjectAttributes attributes, int bit, String name) {
    if (!attributes.has(bit)) {
      wrong.append(", not ").append(name);
    }
  }

  /** The public area. */
  public TpmPublic area() {
    return area;
  }

  /** The key's Name. */
  public TpmName name() {
    return name;
  }

  /** The hash of its scheme. */
  public HashAlg hash() {
    return hash;
  }

  @Override
  public PublicKey publicKey() {
    return publicKey;
  }

  @Override
  public Scheme scheme() {
    return scheme;
  }

  @Override
  public boolean signsWith(Scheme wanted, HashAlg with) {
    return wanted == scheme && with == hash;
  }
}
