package dev.keystead.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every verb takes. */
abstract class RootOptions {
  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "With an error, print where in the program it arose.")
  private boolean debug;

  boolean debug() {
    return debug;
  }
}
