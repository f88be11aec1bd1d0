package dev.keystead.cli.keylime;

import dev.keystead.cli.KeysteadCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Runs one of our own command lines for a front. */
final class Forwarded {
  private Forwarded() {}

  static int run(List<String> args, CommandSpec from) {
    CommandLine line =
        KeysteadCommand.commandLine()
            .setOut(from.commandLine().getOut())
            .setErr(from.commandLine().getErr());
    return line.execute(args.toArray(String[]::new));
  }
}
