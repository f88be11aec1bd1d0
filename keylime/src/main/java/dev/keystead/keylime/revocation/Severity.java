package dev.keystead.keylime.revocation;

import dev.keystead.keylime.WireException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How severe an event is (section 7.3). Labels are the owner's to choose; Keylime's are the
 * default.
 *
 * @param level 0 is the mildest; {@link #UNKNOWN} when only the label was told
 * @param label 1 to 32 letters, digits, hyphens and underscores
 */
public record Severity(int level, String label) {
  /** The level of a label that is none of Keylime's and was told alone. */
  public static final int UNKNOWN = -1;

  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_-]{1,32}");

  /** Keylime's labels, mildest first. */
  public static final List<String> KEYLIME_LABELS =
      List.of("info", "notice", "warning", "error", "critical", "alert", "emergency");

  /** The agent is not trusted any more: what every finding is by default. */
  public static final Severity EMERGENCY = of(6);

  /** Checks the label. */
  public Severity {
    if (!LABEL.matcher(label).matches()) {
      throw WireException.malformed("severity_label", "is not a label");
    }
    if (level < UNKNOWN || level > 99) {
      throw WireException.malformed("severity_level", "is not a level");
    }
  }

  /** The severity with this number on the wire, where no label comes with it. */
  public static Severity of(int level) {
    return new Severity(
        level,
        level >= 0 && level < KEYLIME_LABELS.size() ? KEYLIME_LABELS.get(level) : "level-" + level);
  }

  /** The severity with this label on the wire, where no number comes with it. */
  public static Severity parse(String label) {
    return new Severity(KEYLIME_LABELS.indexOf(label), label);
  }
}
