package dev.keystead.tao;

import dev.keystead.claims.KeyPrincipal;

/** Who may unseal a blob, always on the host that sealed it. */
public sealed interface SealPolicy {
  /** Only what sealed it: the same measurement. */
  record ThisMeasurement() implements SealPolicy {}

  /**
   * A named set of versions: what sealed it, and any program that the publisher has signed as this
   * product in this version or a later one.
   *
   * @param publisher who signs the product's versions
   * @param product 1 to 64 printable ASCII characters
   * @param minVersion the oldest version that may unseal, 0 or more
   */
  record UpgradeSet(KeyPrincipal publisher, String product, long minVersion) implements SealPolicy {
    /** Checks the product's name and version. */
    public UpgradeSet {
      if (!product.matches("[\\x21-\\x7e]{1,64}")) {
        throw new IllegalArgumentException("a product is 1 to 64 printable ASCII characters");
      }
      if (minVersion < 0) {
        throw new IllegalArgumentException("a version is 0 or more");
      }
    }
  }

  /** Any program that the owner has approved by the policy key. */
  record AnyApproved() implements SealPolicy {}
}
