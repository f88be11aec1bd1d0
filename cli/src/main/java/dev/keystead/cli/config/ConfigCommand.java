package dev.keystead.cli.config;

import picocli.CommandLine.Command;

/** {@code keystead config}. */
@Command(
    name = "config",
    description = {
      "Show and check configuration. Each option of registrar, verifier, agent and node can stand"
          + " in the file, under the verb and without its hyphens, or in the environment, as in"
          + " KEYSTEAD_VERIFIER_INTERVAL. The command line comes first, then the environment, then"
          + " the file."
    },
    subcommands = {ConfigShowCommand.class, ConfigValidateCommand.class})
public final class ConfigCommand {}
