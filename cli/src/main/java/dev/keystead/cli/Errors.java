package dev.keystead.cli;

import dev.keystead.evidence.EvidenceException;
import java.io.PrintWriter;
import java.util.List;

/** Puts what went wrong into words and an exit code. */
final class Errors {
  private Errors() {}

  static int report(Exception thrown, PrintWriter err) {
    if (thrown instanceof CommandException refused) {
      err.println("keystead: " + OutputFormat.printable(String.valueOf(refused.getMessage())));
      return refused.exitCode();
    }
    if (thrown instanceof EvidenceException refused) {
      err.println("keystead: " + OutputFormat.printable(String.valueOf(refused.getMessage())));
      return Findings.exitCode(List.of(refused.finding()));
    }
    err.println(
        "keystead: unexpected "
            + thrown.getClass().getSimpleName()
            + (thrown.getMessage() == null ? "" : ": " + thrown.getMessage())
            + ". This is a defect of Keystead; run again with --debug and report it.");
    return ExitCode.NOT_TRUSTED;
  }
}
