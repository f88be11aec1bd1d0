package dev.keystead.cli.config;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keystead config show}. */
@Command(
    name = "show",
    description = {
      "Show what holds for each option that a command line does not give, and where it is from."
    })
final class ConfigShowCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "SECTION",
      description = "registrar, verifier, agent or node (default: all).")
  private @Nullable String section;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Our file (default: KEYSTEAD_CONFIG, else /etc/keystead/keystead.conf when it is there).")
  private @Nullable Path file;

  @Option(
      names = "--keylime",
      paramLabel = "FILE",
      description =
          "Report on a configuration file of Keylime's instead: which of its options are used, as"
              + " what, which are not, and why.")
  private @Nullable Path keylime;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    if (keylime != null) {
      return report(keylime);
    }
    if (section != null && !Configuration.SECTIONS.contains(section)) {
      throw CommandException.usage("SECTION is one of " + Configuration.SECTIONS);
    }
    KeyModel model = new KeyModel();
    JsonObjectBuilder json = Json.object();
    List<String> lines = new ArrayList<>();
    for (String name : section == null ? Configuration.SECTIONS : List.of(section)) {
      List<String> arguments = new ArrayList<>(List.of(name));
      if (file != null) {
        arguments.addAll(List.of("--config", file.toString()));
      }
      Configuration configuration = Configuration.of(arguments, System.getenv());
      JsonObjectBuilder keys = Json.object();
      lines.add("[" + name + "]");
      values(model.keys(name), configuration)
          .forEach((key, value) -> {
            keys.put(
                key, Json.object().put("value", value.text()).put("from", value.origin()).build());
            lines.add("%s = %s    # %s".formatted(key, value.text(), value.origin()));
          });
      json.put(name, keys.build());
    }
    output.print(json.build(), lines);
    return ExitCode.TRUSTED;
  }

  private static Map<String, Configuration.Value> values(
      Map<String, List<OptionSpec>> keys, Configuration configuration) {
    Map<String, Configuration.Value> values = new LinkedHashMap<>();
    keys.forEach((key, options) -> {
      OptionSpec option = options.getFirst();
      values.put(
          key,
          configuration
              .value(option)
              .orElseGet(() -> new Configuration.Value(usual(option), "default")));
    });
    return values;
  }

  private static String usual(OptionSpec option) {
    String value = option.defaultValue();
    if (value != null) {
      return value;
    }
    return option.arity().max() == 0 ? "false" : "";
  }

  private Integer report(Path from) {
    KeylimeOptions.Translation translation = KeylimeOptions.translate(Configuration.keylime(from));
    output.print(
        Json.array(
            translation.lines().stream()
                .<Json>map(line ->
                    Json.object()
                        .put("option", line.option())
                        .put("value", line.shown())
                        .put("use", line.use().name().toLowerCase(Locale.ROOT))
                        .put("as", line.as())
                        .put("why", line.why())
                        .build())
                .toList()),
        translation.lines().stream().map(KeylimeOptions.Line::words).toList());
    return translation.lines().stream().anyMatch(line -> line.use() == KeylimeOptions.Use.UNKNOWN)
        ? ExitCode.NOT_TRUSTED
        : ExitCode.TRUSTED;
  }
}
