package dev.keystead.evidence.ima;

import dev.keystead.tpm.structure.HashAlg;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A digest as an entry states it.
 *
 * @param label the algorithm as written: {@code sha256}, {@code verity:sha256}; for a bare digest
 *     {@code sha1} or {@code md5} by its size
 * @param value the bytes
 */
public record MeasuredDigest(String label, byte[] value) {
  private static final String VERITY = "verity:";

  /** The algorithm, if it is one we know and the value has its size. */
  public Optional<HashAlg> alg() {
    String name = label;
    for (String type : new String[] {VERITY, "ima:"}) {
      if (label.startsWith(type)) {
        name = label.substring(type.length());
      }
    }
    return HashAlg.named(name.replace('-', '_')).filter(alg -> alg.size() == value.length);
  }

  /** Whether it is the root of an fs-verity tree rather than a digest of the contents. */
  public boolean isVerity() {
    return label.startsWith(VERITY);
  }

  /** Lower-case hex of the value. */
  public String hex() {
    return HexFormat.of().formatHex(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MeasuredDigest that
        && label.equals(that.label)
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  /** The label and hex: {@code sha256:81351a...}. */
  @Override
  public String toString() {
    return label + ":" + hex();
  }
}
