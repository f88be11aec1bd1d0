package dev.keystead.keylime.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Sections with options, line by line: {@code [section]}, {@code option = value}, comments with
 * {@code #} or {@code ;} at their beginning, and indented lines that go on with the value before.
 */
public final class ConfigLines {
  private final String text;
  private final Map<String, Map<String, String>> sections = new LinkedHashMap<>();
  private Optional<Map<String, String>> section = Optional.empty();
  private Optional<String> option = Optional.empty();
  private int number;
  private int options;

  /**
   * Reads from a text.
   *
   * @throws ConfigFileException when it is longer
   */
  public ConfigLines(String text, int maxLength) {
    if (text.length() > maxLength) {
      throw new ConfigFileException("longer than " + maxLength + " characters");
    }
    this.text = text;
  }

  /**
   * Reads all of it; names of options are in lower case, values as they are, without the white
   * space around them.
   *
   * @throws ConfigFileException with the line, also for more options than these and for an option
   *     or a section that is there twice
   */
  public Map<String, Map<String, String>> read(int maxOptions) {
    for (String line : text.split("\r?\n", -1)) {
      number++;
      read(line, maxOptions);
    }
    return sections;
  }

  private void read(String line, int maxOptions) {
    String bare = line.strip();
    if (bare.isEmpty() || bare.startsWith("#") || bare.startsWith(";")) {
      return;
    }
    if (Character.isWhitespace(line.charAt(0))) {
      goOn(bare);
    } else if (bare.startsWith("[")) {
      begin(bare);
    } else {
      if (++options > maxOptions) {
        throw wrong("more than " + maxOptions + " options");
      }
      set(bare);
    }
  }

  private void goOn(String bare) {
    Map<String, String> into =
        section.orElseThrow(() -> wrong("an indented line that goes on with nothing"));
    String name = option.orElseThrow(() -> wrong("an indented line that goes on with nothing"));
    into.merge(name, bare, (before, more) -> before + "\n" + more);
  }

  private void begin(String bare) {
    if (!bare.endsWith("]") || bare.length() < 3) {
      throw wrong("not the name of a section");
    }
    Map<String, String> fresh = new LinkedHashMap<>();
    String name = bare.substring(1, bare.length() - 1).strip();
    if (sections.putIfAbsent(name, fresh) != null) {
      throw wrong("the section [" + name + "] is there twice");
    }
    section = Optional.of(fresh);
    option = Optional.empty();
  }

  private void set(String bare) {
    int equals = bare.indexOf('=');
    int colon = bare.indexOf(':');
    int at = equals < 0 || (colon >= 0 && colon < equals) ? colon : equals;
    if (at <= 0) {
      throw wrong("neither a section nor an option with a value");
    }
    Map<String, String> into =
        section.orElseThrow(() -> wrong("an option before the first section"));
    String name = bare.substring(0, at).strip().toLowerCase(Locale.ROOT);
    if (into.putIfAbsent(name, bare.substring(at + 1).strip()) != null) {
      throw wrong("the option " + name + " is there twice");
    }
    option = Optional.of(name);
  }

  private ConfigFileException wrong(String what) {
    return new ConfigFileException("line " + number + ": " + what);
  }
}
