package dev.keystead.tpm.structure;

import java.security.PublicKey;
import java.util.Optional;

/**
 * TPMT_PUBLIC (Part 2, 12.2.4) of RSA, ECC and keyed-hash objects.
 *
 * @param nameAlg the hash that names the object
 * @param attributes what it may do
 * @param authPolicy the policy digest, empty or of nameAlg's size
 * @param key the type's parameters and unique field
 */
public record TpmPublic(HashAlg nameAlg, ObjectAttributes attributes, byte[] authPolicy, Key key) {
  static final int RSA = 0x0001;
  static final int KEYEDHASH = 0x0008;

  /** TPM_ALG_NULL. */
  public static final int NULL = 0x0010;

  static final int ECC = 0x0023;

  /** Parameters and unique field, by type. */
  public sealed interface Key {}

  /**
   * An RSA key. A storage key has {@code symmetric}, a signing key may have a scheme.
   *
   * @param scheme TPM_ALG_ID of the scheme, TPM_ALG_NULL for none
   * @param modulus big-endian; in a template empty or all zero
   */
  public record Rsa(
      Optional<SymmetricDef> symmetric,
      int scheme,
      Optional<HashAlg> schemeHash,
      int bits,
      long exponent,
      byte[] modulus)
      implements Key {}

  /** An ECC key; x and y are unsigned big-endian numbers, in a template empty or all zero. */
  public record Ecc(
      Optional<SymmetricDef> symmetric,
      int scheme,
      Optional<HashAlg> schemeHash,
      EccCurve curve,
      byte[] x,
      byte[] y)
      implements Key {}

  /** A sealed data object (scheme TPM_ALG_NULL) or an HMAC key. */
  public record KeyedHash(int scheme, Optional<HashAlg> schemeHash, byte[] unique) implements Key {}

  /** Requires a policy digest that fits the name algorithm. */
  public TpmPublic {
    if (authPolicy.length != 0 && authPolicy.length != nameAlg.size()) {
      throw new TpmFormatException("an authPolicy of " + authPolicy.length + " bytes");
    }
  }

  /** Parses all of {@code bytes} as TPMT_PUBLIC. */
  public static TpmPublic parse(byte[] bytes) {
    TpmReader in = new TpmReader(bytes);
    TpmPublic area = PublicCodec.read(in);
    in.end("TPMT_PUBLIC");
    return area;
  }

  /** Parses all of {@code bytes} as TPM2B_PUBLIC. */
  public static TpmPublic parseSized(byte[] bytes) {
    TpmReader in = new TpmReader(bytes);
    byte[] area = in.sized();
    in.end("TPM2B_PUBLIC");
    return parse(area);
  }

  /** TPMT_PUBLIC, without a size. */
  public byte[] toBytes() {
    TpmWriter out = new TpmWriter();
    PublicCodec.write(this, out);
    return out.toBytes();
  }

  /** TPM2B_PUBLIC: a 16-bit size and TPMT_PUBLIC. */
  public byte[] toSizedBytes() {
    return new TpmWriter().sized(toBytes()).toBytes();
  }

  /** The object's Name. */
  public TpmName name() {
    return TpmName.ofPublic(nameAlg, toBytes());
  }

  /** The asymmetric key; throws {@link TpmFormatException} when it is mathematically no key. */
  public PublicKey toPublicKey() {
    return PublicKeys.of(key);
  }
}
