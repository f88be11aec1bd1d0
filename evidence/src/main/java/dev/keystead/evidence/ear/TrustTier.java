package dev.keystead.evidence.ear;

import java.util.Locale;

/** The tiers of AR4SI (draft-ietf-rats-ar4si, 3.2) with the value that we put into a vector. */
public enum TrustTier {
  /** Nothing can be said. */
  NONE(0),
  /** What was looked at is as it should be. */
  AFFIRMING(2),
  /** Something is not as it should be, but may be known to the owner. */
  WARNING(32),
  /** Something is wrong. */
  CONTRAINDICATED(96);

  private final int value;

  TrustTier(int value) {
    this.value = value;
  }

  /** The number in a trustworthiness vector. */
  public int value() {
    return value;
  }

  /** {@code affirming} and so on. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
