package dev.keystead.evidence.launch;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One program that a host has started (docs/launching.md).
 *
 * @param time when, as the host says, in UTC
 * @param measurement what it was measured to be, 64 lower-case hexadecimal digits
 * @param uid the user it runs as
 * @param confinement the profile it runs under
 * @param label its file's name, printable; it proves nothing
 */
public record LaunchEntry(
    String time, String measurement, long uid, String confinement, String label) {
  /** The longest line, without its end. */
  public static final int LONGEST = 512;

  private static final Pattern LINE =
      Pattern.compile(
          "launch1 (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ) ([0-9a-f]{64}) (0|[1-9]\\d{0,9})"
              + " ([a-z_]{1,16}) ([!-~]{1,384})");

  /**
   * Parses a line.
   *
   * @param number of the entry, from 0, for messages
   */
  static LaunchEntry parse(String line, long number) {
    Matcher fields = LINE.matcher(line);
    if (!fields.matches()) {
      throw new EvidenceException(
          Code.MALFORMED, "launch log entry " + number, "it is not of the form of an entry");
    }
    return new LaunchEntry(
        fields.group(1),
        fields.group(2),
        Long.parseLong(fields.group(3)),
        fields.group(4),
        fields.group(5));
  }
}
