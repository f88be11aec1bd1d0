package dev.keystead.cli.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that name configuration files. They must be read before the others get their values:
 * {@link Configuration} does that, and here they only have a name and a description.
 */
@SuppressWarnings("UnusedVariable")
public final class ConfigFiles {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Options that are not given here (default: KEYSTEAD_CONFIG, else"
              + " /etc/keystead/keystead.conf when it is there).")
  private @Nullable Path file;

  @Option(
      names = "--keylime-config",
      paramLabel = "FILE",
      description =
          "Keylime's own configuration file of the same part, for what is said nowhere else.")
  private @Nullable Path keylime;
}
