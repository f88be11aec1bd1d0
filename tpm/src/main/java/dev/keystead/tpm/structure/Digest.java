package dev.keystead.tpm.structure;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** A digest value of a known algorithm: immutable, always of the algorithm's size. */
public final class Digest {
  private final HashAlg alg;
  private final byte[] value;

  private Digest(HashAlg alg, byte[] value) {
    this.alg = alg;
    this.value = value;
  }

  /** Takes a copy of {@code value}, which must have the algorithm's size. */
  public static Digest of(HashAlg alg, byte[] value) {
    if (value.length != alg.size()) {
      throw new TpmFormatException(
          "a %s digest has %d bytes, not %d".formatted(alg.label(), alg.size(), value.length));
    }
    return new Digest(alg, value.clone());
  }

  /** The digest of {@code parts}. */
  public static Digest hash(HashAlg alg, byte[]... parts) {
    return new Digest(alg, alg.hash(parts));
  }

  /** All zero bytes: the value of most PCRs after a reset. */
  public static Digest zero(HashAlg alg) {
    return new Digest(alg, new byte[alg.size()]);
  }

  /** What a PCR that holds this value holds after being extended with {@code extension}. */
  public Digest extend(byte[] extension) {
    return new Digest(alg, alg.hash(value, extension));
  }

  /** The algorithm. */
  public HashAlg alg() {
    return alg;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return value.clone();
  }

  /** Lower-case hex. */
  public String hex() {
    return HexFormat.of().formatHex(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest that
        && alg == that.alg
        && MessageDigest.isEqual(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return alg.label() + ":" + hex();
  }
}
