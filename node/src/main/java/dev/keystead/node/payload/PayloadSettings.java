package dev.keystead.node.payload;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What may be done with a payload.
 *
 * @param script the name of a script in the payload's top directory that is run; none by default
 * @param scriptTime after which the script is killed
 * @param maxUnpacked the most bytes that the payload's archive may unpack to
 */
public record PayloadSettings(Optional<String> script, Duration scriptTime, int maxUnpacked) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  /** Nothing is run; archives may unpack to 8 MiB. */
  public static final PayloadSettings DEFAULT =
      new PayloadSettings(Optional.empty(), Duration.ofMinutes(10), 8 << 20);

  /** Requires a plain name. */
  public PayloadSettings {
    script.ifPresent(PayloadSettings::requirePlain);
  }

  /** These settings with a script to run. */
  public PayloadSettings withScript(String name) {
    return new PayloadSettings(Optional.of(name), scriptTime, maxUnpacked);
  }

  /** Requires the plain name of a file: it names nothing outside a directory. */
  public static void requirePlain(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not the plain name of a file");
    }
  }
}
