package dev.keystead.lab.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keylime's configuration files of one place, made from its own templates. */
final class Settings {
  private static final List<String> COMPONENTS =
      List.of("verifier", "registrar", "tenant", "agent", "ca", "logging");

  private final Path folder;

  private Settings(Path folder) {
    this.folder = folder;
  }

  static Settings of(Installed keylime, Path home) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(home.resolve("conf"));
    Command.environment(Map.of()).in(home).run(keylime.writeDefaults(folder)).good();
    return new Settings(folder);
  }

  /** The folder of the files. */
  Path folder() {
    return folder;
  }

  /** One component's file. */
  Path file(String component) {
    return folder.resolve(component + ".conf");
  }

  /** Sets an option, which must be there, to a value in the file's own spelling. */
  Settings set(String component, String option, String value) throws IOException {
    Path file = file(component);
    Pattern line = Pattern.compile("(?m)^" + Pattern.quote(option) + " *=.*$");
    String text = Files.readString(file);
    if (!line.matcher(text).find()) {
      throw new AssertionError(file + " has no option " + option);
    }
    String replacement = Matcher.quoteReplacement(option + " = " + value);
    Files.writeString(file, line.matcher(text).replaceFirst(replacement));
    return this;
  }

  /** What tells Keylime's programs where these files and their working folder are. */
  Map<String, String> environment(Path work) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("KEYLIME_DIR", work.toString());
    for (String component : COMPONENTS) {
      if (Files.exists(file(component))) {
        variables.put(
            "KEYLIME_" + component.toUpperCase(Locale.ROOT) + "_CONFIG",
            file(component).toString());
      }
    }
    return variables;
  }
}
