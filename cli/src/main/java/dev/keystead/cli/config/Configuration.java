package dev.keystead.cli.config;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.InputFile;
import dev.keystead.keylime.config.ConfigFileException;
import dev.keystead.keylime.config.ConfigLines;
import dev.keystead.keylime.config.KeylimeConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values for options that the command line does not give, in this order: the environment, our
 * configuration file, Keylime's file. A section of the file is a verb ({@code [verifier]}), a key
 * in it an option without its hyphens ({@code interval}); {@code KEYSTEAD_VERIFIER_INTERVAL} is the
 * same in the environment.
 *
 * @param environment variables by name
 * @param sections our file, by section and key
 * @param keylime what Keylime's file says in our keys, of the verb that it is for
 */
public record Configuration(
    Map<String, String> environment,
    Map<String, Map<String, String>> sections,
    Map<String, Map<String, String>> keylime)
    implements IDefaultValueProvider {
  /** The verbs that can be configured, with the verbs below them. */
  public static final List<String> SECTIONS = List.of("registrar", "verifier", "agent", "node");

  /** No values at all. */
  public static final Configuration NONE = new Configuration(Map.of(), Map.of(), Map.of());

  private static final Path USUAL = Path.of("/etc/keystead/keystead.conf");
  private static final int MAX_LENGTH = 1 << 20;
  private static final int MAX_KEYS = 2000;
  private static final List<String> NEVER =
      List.of("--config", "--keylime-config", "--help", "--version", "--debug");

  /** A value and where it is from. */
  public record Value(String text, String origin) {}

  /**
   * Finds the files that a command line and the environment name, and reads them.
   *
   * @throws CommandException when one cannot be read
   */
  public static Configuration of(List<String> arguments, Map<String, String> environment) {
    Optional<String> verb = arguments.stream().filter(word -> !word.startsWith("-")).findFirst();
    if (verb.isEmpty() || !SECTIONS.contains(verb.get())) {
      return NONE;
    }
    Optional<Path> file =
        named(arguments, "--config")
            .or(() -> Optional.ofNullable(environment.get("KEYSTEAD_CONFIG")))
            .map(Path::of)
            .or(() -> Optional.of(USUAL).filter(Files::exists));
    Map<String, Map<String, String>> keylime =
        named(arguments, "--keylime-config")
            .map(Path::of)
            .map(Configuration::keylime)
            .map(config -> KeylimeOptions.translate(config).forVerb(verb.get()))
            .orElse(Map.of());
    return new Configuration(
        environment, file.map(Configuration::sections).orElse(Map.of()), keylime);
  }

  private static Optional<String> named(List<String> arguments, String option) {
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      if (word.startsWith(option + "=")) {
        return Optional.of(word.substring(option.length() + 1));
      }
      if (word.equals(option) && i + 1 < arguments.size()) {
        return Optional.of(arguments.get(i + 1));
      }
    }
    return Optional.empty();
  }

  /**
   * Reads our file.
   *
   * @throws CommandException when it cannot be read
   */
  public static Map<String, Map<String, String>> sections(Path file) {
    try {
      return new ConfigLines(text(file, "the configuration"), MAX_LENGTH).read(MAX_KEYS);
    } catch (ConfigFileException e) {
      throw CommandException.unreadable(file + ": " + e.getMessage());
    }
  }

  /**
   * Reads a file of Keylime's.
   *
   * @throws CommandException when it cannot be read
   */
  public static KeylimeConfig keylime(Path file) {
    try {
      return KeylimeConfig.parse(text(file, "Keylime's configuration"));
    } catch (ConfigFileException e) {
      throw CommandException.unreadable(file + ": " + e.getMessage());
    }
  }

  private static String text(Path file, String what) {
    return new String(InputFile.read(file, MAX_LENGTH, what), StandardCharsets.UTF_8);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? value(option).map(Value::text).orElse(null)
        : null;
  }

  /** The value that an option gets when it is not given. */
  public Optional<Value> value(OptionSpec option) {
    List<String> path = path(option);
    String key = key(option);
    if (path.isEmpty() || !SECTIONS.contains(path.getFirst()) || key.isEmpty()) {
      return Optional.empty();
    }
    String section = path.getFirst();
    String variable = variable(section, key);
    return Optional.ofNullable(environment.get(variable))
        .map(text -> new Value(text, variable))
        .or(() -> in(sections, section, key, "file"))
        .or(() -> in(keylime, section, key, "Keylime's file"));
  }

  private static Optional<Value> in(
      Map<String, Map<String, String>> sections, String section, String key, String origin) {
    return Optional.ofNullable(sections.getOrDefault(section, Map.of()).get(key))
        .map(text -> new Value(unquoted(text), origin));
  }

  private static String unquoted(String text) {
    return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1)
        : text;
  }

  /** The verbs that lead to an option's command, without the first. */
  static List<String> path(OptionSpec option) {
    List<String> words = List.of(option.command().qualifiedName().split(" "));
    return words.subList(1, words.size());
  }

  /** The key of an option; empty when it has none. */
  static String key(OptionSpec option) {
    String name = option.longestName();
    return name.startsWith("--") && !NEVER.contains(name) ? name.substring(2) : "";
  }

  /** The variable of the environment that stands for a key. */
  static String variable(String section, String key) {
    return ("KEYSTEAD_" + section + "_" + key).toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
