package dev.keystead.cli.config;

import dev.keystead.keylime.config.ConfigFileException;
import dev.keystead.keylime.config.ConfigLines;
import dev.keystead.keylime.config.KeylimeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of each option in Keylime's configuration files. Those that are used are in {@link
 * KeylimeKeys}; those that are not are in {@code keylime-options.conf} beside this class, each with
 * the reason.
 */
final class KeylimeOptions {
  private static final Map<String, Map<String, String>> UNUSED = unused();

  private KeylimeOptions() {}

  /** What becomes of an option. */
  enum Use {
    /** It is a value of ours. */
    USED,
    /** It says nothing, or what is so anyway. */
    DEFAULT,
    /** It changes nothing here. */
    IGNORED,
    /** Keylime 7.14.3 has no such option. */
    UNKNOWN
  }

  /**
   * An option of the file.
   *
   * @param shown its value, unless it is a secret
   * @param as the key of ours with its value
   * @param why it is not used
   */
  record Line(String option, String shown, Use use, String as, String why) {
    String words() {
      return switch (use) {
        case USED -> "used     %s = %s: as %s".formatted(option, shown, as);
        case DEFAULT -> "default  %s = %s".formatted(option, shown);
        case IGNORED -> "ignored  %s = %s: %s".formatted(option, shown, why);
        case UNKNOWN -> "UNKNOWN  %s = %s".formatted(option, shown);
      };
    }
  }

  /**
   * A file in our words.
   *
   * @param section the verb of ours that it is for; empty when there is none
   * @param values by our keys
   */
  record Translation(String section, Map<String, String> values, List<Line> lines) {
    /**
     * The values as a configuration of one verb.
     *
     * @throws ConfigFileException when the file is for another
     */
    Map<String, Map<String, String>> forVerb(String verb) {
      if (!verb.equals(section)) {
        throw new ConfigFileException(
            "this file of Keylime's is for %s, not for %s"
                .formatted(section.isEmpty() ? "no verb of ours" : section, verb));
      }
      return Map.of(section, values);
    }
  }

  /**
   * Translates a file.
   *
   * @throws ConfigFileException for a value that cannot be what it should be
   */
  static Translation translate(KeylimeConfig config) {
    Map<String, String> values = new LinkedHashMap<>();
    List<Line> lines = new ArrayList<>();
    List<KeylimeKeys.Key> keys = KeylimeKeys.of(config.component());
    for (KeylimeKeys.Key key : keys) {
      key.value().apply(config).ifPresent(value -> values.put(key.name(), value));
    }
    config
        .sections()
        .forEach((section, options) ->
            options
                .keySet()
                .forEach(option -> lines.add(line(config, section, option, keys, values))));
    return new Translation(KeylimeKeys.section(config.component()), values, lines);
  }

  private static Line line(
      KeylimeConfig config,
      String section,
      String option,
      List<KeylimeKeys.Key> keys,
      Map<String, String> values) {
    boolean secret = option.contains("password");
    String text = config.text(section, option).orElse("").replace('\n', ' ');
    String shown = secret && !text.isEmpty() ? "(not shown)" : text;
    String name = section.equals(config.component()) ? option : section + "." + option;
    Optional<KeylimeKeys.Key> key =
        keys.stream().filter(k -> k.options().contains(option)).findFirst();
    if (key.isPresent()) {
      String value = values.get(key.get().name());
      return value == null
          ? new Line(name, shown, Use.DEFAULT, "", "")
          : new Line(name, shown, Use.USED, key.get().name() + " = " + value, "");
    }
    if (config.component().equals("logging")) {
      return new Line(name, shown, Use.IGNORED, "", "logs are lines of the servers' output");
    }
    String why = UNUSED.getOrDefault(config.component(), Map.of()).get(option);
    return why == null
        ? new Line(name, shown, Use.UNKNOWN, "", "")
        : new Line(name, shown, Use.IGNORED, "", why);
  }

  private static Map<String, Map<String, String>> unused() {
    try (InputStream in = KeylimeOptions.class.getResourceAsStream("keylime-options.conf")) {
      if (in == null) {
        throw new IllegalStateException("keylime-options.conf is not in this program");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new ConfigLines(text, 1 << 20).read(2000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
