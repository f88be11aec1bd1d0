package dev.keystead.evidence.boot;

import java.util.Locale;

/** What a boot log proves about UEFI Secure Boot. */
public enum SecureBoot {
  /** The firmware measured that it was on. */
  ON,
  /** The firmware measured that it was off. */
  OFF,
  /** The log proves neither. */
  UNKNOWN;

  /** {@code on}, {@code off} or {@code unknown}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
