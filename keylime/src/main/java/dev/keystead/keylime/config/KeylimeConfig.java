package dev.keystead.keylime.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The options of one of Keylime's components, as its files give them: sections with options in the
 * form of Python's RawConfigParser, of which the agent's TOML is a subset but for comments behind a
 * value, which are read there too. Limits: {@value #MAX_LENGTH} characters and {@value
 * #MAX_OPTIONS} options for each file.
 *
 * @param component such as {@code verifier}: the name of the section that is Keylime's own
 * @param sections options by section and name, both as written, names in lower case
 */
public record KeylimeConfig(String component, Map<String, Map<String, String>> sections) {
  /** Most characters of a file. */
  public static final int MAX_LENGTH = 1 << 20;

  private static final int MAX_OPTIONS = 2000;
  private static final List<String> COMPONENTS =
      List.of("agent", "registrar", "verifier", "tenant", "ca", "logging");

  /** Takes a copy. */
  public KeylimeConfig {
    Map<String, Map<String, String>> copy = new LinkedHashMap<>();
    sections.forEach((name, options) ->
        copy.put(name, Collections.unmodifiableMap(new LinkedHashMap<>(options))));
    sections = Collections.unmodifiableMap(copy);
  }

  /**
   * Reads one file; which component it is for is known by its section.
   *
   * @throws ConfigFileException with the line that cannot be read, for an option that is there
   *     twice, and when no section is a component's
   */
  public static KeylimeConfig parse(String text) {
    Map<String, Map<String, String>> sections = new ConfigLines(text, MAX_LENGTH).read(MAX_OPTIONS);
    String component =
        COMPONENTS.stream()
            .filter(sections::containsKey)
            .findFirst()
            .orElseThrow(() ->
                new ConfigFileException("no section is one of " + String.join(", ", COMPONENTS)));
    return new KeylimeConfig(component, sections);
  }

  /** These options with those of a snippet of the same component in their place. */
  public KeylimeConfig overriddenBy(KeylimeConfig snippet) {
    if (!snippet.component.equals(component)) {
      throw new ConfigFileException(
          "a snippet of %s is about %s".formatted(component, snippet.component));
    }
    Map<String, Map<String, String>> merged = new LinkedHashMap<>(sections);
    snippet.sections.forEach((name, options) -> {
      Map<String, String> both = new LinkedHashMap<>(merged.getOrDefault(name, Map.of()));
      both.putAll(options);
      merged.put(name, both);
    });
    return new KeylimeConfig(component, merged);
  }

  /** An option of the component's own section, without the quotes around it. */
  public Optional<String> text(String option) {
    return text(component, option);
  }

  /** An option, without the quotes around it. */
  public Optional<String> text(String section, String option) {
    return Optional.ofNullable(sections.getOrDefault(section, Map.of()).get(option))
        .map(value -> unquoted(value, isAgent()));
  }

  /** The same, if it says anything: neither empty nor {@code default}. */
  public Optional<String> own(String option) {
    return text(option).filter(value -> !value.isEmpty() && !value.equals("default"));
  }

  /** An option that is a number. */
  public Optional<Long> number(String option) {
    return own(option)
        .map(value -> {
          try {
            return Long.parseLong(value);
          } catch (NumberFormatException e) {
            throw new ConfigFileException("%s: %s is not a whole number".formatted(option, value));
          }
        });
  }

  /** An option that is yes or no, in any spelling that Keylime takes. */
  public Optional<Boolean> flag(String option) {
    return own(option)
        .map(value ->
            switch (value.toLowerCase(Locale.ROOT)) {
              case "1", "yes", "true", "on" -> true;
              case "0", "no", "false", "off" -> false;
              default ->
                  throw new ConfigFileException(
                      "%s: %s is neither true nor false".formatted(option, value));
            });
  }

  /** An option that is a list: Python's literal of texts, or names with commas between them. */
  public List<String> list(String section, String option) {
    String value = text(section, option).orElse("").strip();
    if (!value.startsWith("[")) {
      return split(value);
    }
    if (!value.endsWith("]")) {
      throw new ConfigFileException(option + ": the list does not end");
    }
    return split(value.substring(1, value.length() - 1)).stream()
        .map(item -> unquoted(item, false))
        .toList();
  }

  private static List<String> split(String value) {
    List<String> items = new ArrayList<>();
    for (String item : value.split(",", -1)) {
      if (!item.isBlank()) {
        items.add(item.strip());
      }
    }
    return items;
  }

  private boolean isAgent() {
    return component.equals("agent");
  }

  /** TOML has a comment behind a value; Python's form has not. */
  private static String unquoted(String raw, boolean commented) {
    String value = raw.strip();
    char first = value.isEmpty() ? ' ' : value.charAt(0);
    if (first == '"' || first == '\'') {
      int end = value.indexOf(first, 1);
      String rest = end < 0 ? "" : value.substring(end + 1).strip();
      if (end > 0 && (rest.isEmpty() || (commented && rest.startsWith("#")))) {
        return value.substring(1, end);
      }
    } else if (commented) {
      int comment = value.indexOf('#');
      return (comment < 0 ? value : value.substring(0, comment)).strip();
    }
    return value;
  }
}
