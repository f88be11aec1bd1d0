package dev.keystead.cli.config;

import dev.keystead.cli.KeysteadCommand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The keys that there are: the options of the verbs that can be configured. */
final class KeyModel {
  private final CommandLine root = KeysteadCommand.commandLine();

  /** The options that a section sets, by key; several verbs may share one. */
  Map<String, List<OptionSpec>> keys(String section) {
    Map<String, List<OptionSpec>> keys = new LinkedHashMap<>();
    CommandLine verb = root.getSubcommands().get(section);
    if (verb != null) {
      collect(verb, keys);
    }
    return keys;
  }

  private static void collect(CommandLine verb, Map<String, List<OptionSpec>> keys) {
    for (OptionSpec option : verb.getCommandSpec().options()) {
      String key = Configuration.key(option);
      if (!key.isEmpty()) {
        keys.computeIfAbsent(key, _ -> new ArrayList<>()).add(option);
      }
    }
    verb.getSubcommands().values().forEach(below -> collect(below, keys));
  }

  /** What is wrong with a value of a key, if anything is. */
  List<String> faults(String section, String key, String text) {
    List<String> faults = new ArrayList<>();
    for (OptionSpec option : keys(section).getOrDefault(key, List.of())) {
      String fault = fault(option, section, key, text);
      if (!fault.isEmpty() && !faults.contains(fault)) {
        faults.add(fault);
      }
    }
    return faults;
  }

  private static String fault(OptionSpec option, String section, String key, String text) {
    CommandLine fresh = KeysteadCommand.commandLine();
    fresh.setDefaultValueProvider(
        new Configuration(Map.of(), Map.of(section, Map.of(key, text)), Map.of()));
    try {
      var _ = fresh.parseArgs(Configuration.path(option).toArray(String[]::new));
      return "";
    } catch (MissingParameterException e) {
      return "";
    } catch (ParameterException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
