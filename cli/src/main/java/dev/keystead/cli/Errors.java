package dev.keystead.cli;

import dev.keystead.control.migration.MigrationException;
import dev.keystead.control.store.StoreException;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.config.ConfigFileException;
import dev.keystead.node.AgentException;
import dev.keystead.node.host.setup.HostException;
import dev.keystead.tenant.TenantException;
import dev.keystead.tenant.TenantException.Problem;
import dev.keystead.tpm.TpmException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** Puts what went wrong into words and an exit code. */
final class Errors {
  private Errors() {}

  static int report(Exception thrown, PrintWriter err) {
    return switch (thrown) {
      case CommandException e -> say(err, e, e.exitCode());
      case EvidenceException e -> say(err, e, Findings.exitCode(List.of(e.finding())));
      case TenantException e ->
          say(
              err,
              e,
              e.problem() == Problem.BAD_INPUT ? ExitCode.UNREADABLE : ExitCode.NOT_TRUSTED);
      case CredentialException e -> say(err, e, ExitCode.UNREADABLE);
      case WireException e -> say(err, e, ExitCode.UNREADABLE);
      case MigrationException e -> say(err, e, ExitCode.NOT_TRUSTED);
      case ConfigFileException e -> say(err, e, ExitCode.UNREADABLE);
      case StoreException e -> say(err, e, ExitCode.NOT_TRUSTED);
      case AgentException e -> say(err, e, ExitCode.NOT_TRUSTED);
      case HostException e -> say(err, e, ExitCode.NOT_TRUSTED);
      case TpmException e -> say(err, e, ExitCode.NOT_TRUSTED);
      case IOException e -> say(err, e, ExitCode.NOT_TRUSTED);
      default -> unexpected(thrown, err);
    };
  }

  private static int say(PrintWriter err, Exception thrown, int exitCode) {
    err.println("keystead: " + OutputFormat.printable(String.valueOf(thrown.getMessage())));
    return exitCode;
  }

  private static int unexpected(Exception thrown, PrintWriter err) {
    err.println(
        "keystead: unexpected "
            + thrown.getClass().getSimpleName()
            + (thrown.getMessage() == null ? "" : ": " + thrown.getMessage())
            + ". This is a defect of Keystead; run again with --debug and report it.");
    return ExitCode.NOT_TRUSTED;
  }
}
