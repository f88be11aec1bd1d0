package dev.keystead.cli;

import java.io.PrintWriter;

/** Puts what went wrong into words and an exit code. */
final class Errors {
  private Errors() {}

  static int report(Exception thrown, PrintWriter err) {
    if (thrown instanceof CommandException refused) {
      err.println("keystead: " + refused.getMessage());
      return refused.exitCode();
    }
    err.println(
        "keystead: unexpected "
            + thrown.getClass().getSimpleName()
            + (thrown.getMessage() == null ? "" : ": " + thrown.getMessage())
            + ". This is a defect of Keystead; run again with --debug and report it.");
    return ExitCode.NOT_TRUSTED;
  }
}
