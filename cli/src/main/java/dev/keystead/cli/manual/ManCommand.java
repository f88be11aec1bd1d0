package dev.keystead.cli.manual;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keystead man}. */
@Command(
    name = "man",
    description =
        "Print the manual page of a verb (roff), or write those of all verbs to a folder.")
public final class ManCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "VERB",
      arity = "0..*",
      description = "The verb, such as node add: keystead man node add | man -l -")
  private List<String> verb = List.of();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Write the pages of this verb and of those below it here.")
  private @Nullable Path folder;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    CommandSpec found = command.root();
    for (String word : verb) {
      CommandLine next = found.subcommands().get(word);
      if (next == null) {
        throw CommandException.usage("there is no verb " + String.join(" ", verb));
      }
      found = next.getCommandSpec();
    }
    if (folder == null) {
      command.commandLine().getOut().print(ManPage.of(found));
      command.commandLine().getOut().flush();
      return ExitCode.TRUSTED;
    }
    Files.createDirectories(folder);
    int pages = write(found, folder);
    command.commandLine().getOut().printf("%s: %d pages%n", folder, pages);
    command.commandLine().getOut().flush();
    return ExitCode.TRUSTED;
  }

  private static int write(CommandSpec spec, Path folder) {
    String name = spec.qualifiedName("-") + ".1";
    OutputFile.write(folder.resolve(name), ManPage.of(spec).getBytes(StandardCharsets.UTF_8));
    int pages = 1;
    for (CommandLine below : spec.subcommands().values().stream().distinct().toList()) {
      pages += write(below.getCommandSpec(), folder);
    }
    return pages;
  }
}
