package dev.keystead.cli.config;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keystead config validate}. */
@Command(
    name = "validate",
    description = "Check a configuration file: every section, key and value.")
final class ConfigValidateCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = "/etc/keystead/keystead.conf",
      description = "The file (default: ${DEFAULT-VALUE}).")
  private Path file;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    List<String> faults = new ArrayList<>();
    KeyModel model = new KeyModel();
    Map<String, Map<String, String>> sections = Configuration.sections(file);
    sections.forEach((section, keys) -> {
      if (!Configuration.SECTIONS.contains(section)) {
        faults.add("[%s] is none of %s".formatted(section, Configuration.SECTIONS));
        return;
      }
      keys.forEach((key, text) -> {
        if (model.keys(section).containsKey(key)) {
          model
              .faults(section, key, text)
              .forEach(fault -> faults.add("[%s] %s: %s".formatted(section, key, fault)));
        } else {
          faults.add("[%s] %s: there is no such key".formatted(section, key));
        }
      });
    });
    output.print(
        Json.object().put("valid", faults.isEmpty()).put("faults", Json.strings(faults)).build(),
        faults.isEmpty() ? List.of("valid") : faults);
    return faults.isEmpty() ? ExitCode.TRUSTED : ExitCode.UNREADABLE;
  }
}
