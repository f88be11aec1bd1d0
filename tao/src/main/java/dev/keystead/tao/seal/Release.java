package dev.keystead.tao.seal;

import dev.keystead.claims.KeyPrincipal;
import dev.keystead.tao.Measurement;

/** A publisher's verified word that a program is a version of a product of theirs. */
public final class Release implements Credential {
  private final KeyPrincipal publisher;
  private final String product;
  private final long version;
  private final Measurement measurement;

  Release(KeyPrincipal publisher, String product, long version, Measurement measurement) {
    this.publisher = publisher;
    this.product = product;
    this.version = version;
    this.measurement = measurement;
  }

  /** Whose key signed it. */
  public KeyPrincipal publisher() {
    return publisher;
  }

  /** The product's name. */
  public String product() {
    return product;
  }

  /** The version; a later one has a larger number. */
  public long version() {
    return version;
  }

  @Override
  public Measurement measurement() {
    return measurement;
  }
}
