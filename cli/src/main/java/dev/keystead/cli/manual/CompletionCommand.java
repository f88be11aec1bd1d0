package dev.keystead.cli.manual;

import dev.keystead.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code keystead completion}. */
@Command(
    name = "completion",
    description = {
      "Print what makes bash and zsh complete the verbs and options:",
      "source <(keystead completion)"
    })
public final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    command
        .commandLine()
        .getOut()
        .print(AutoComplete.bash("keystead", command.root().commandLine()));
    command.commandLine().getOut().flush();
    return ExitCode.TRUSTED;
  }
}
