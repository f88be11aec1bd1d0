package dev.keystead.keylime.revocation;

import dev.keystead.keylime.WireException;
import java.util.Locale;

/** How severe an event is, in Keylime's default labels, mildest first (section 7.3). */
public enum Severity {
  /** Told only. */
  INFO(0),
  /** Worth a look. */
  NOTICE(1),
  /** Worth attention. */
  WARNING(2),
  /** Wrong. */
  ERROR(3),
  /** Badly wrong. */
  CRITICAL(4),
  /** To be acted on at once. */
  ALERT(5),
  /** The agent is not trusted any more: what every finding is by default. */
  EMERGENCY(6);

  private final int level;

  Severity(int level) {
    this.level = level;
  }

  /** The number on the wire: 0 is the mildest. */
  public int level() {
    return level;
  }

  /** The severity with this number. */
  public static Severity of(int level) {
    for (Severity severity : values()) {
      if (severity.level == level) {
        return severity;
      }
    }
    throw WireException.malformed("severity_level", "is none of Keylime's");
  }

  /** The label on the wire. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The severity with this label. */
  public static Severity parse(String label) {
    for (Severity severity : values()) {
      if (severity.label().equals(label)) {
        return severity;
      }
    }
    throw WireException.malformed("severity_label", "is none of Keylime's");
  }
}
