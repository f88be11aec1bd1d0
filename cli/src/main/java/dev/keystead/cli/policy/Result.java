package dev.keystead.cli.policy;

import dev.keystead.cli.OutputFile;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a command that makes a document puts it. */
final class Result {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-o", "--to", "--output"},
      paramLabel = "FILE",
      description = "Where to write the result; standard output without it.")
  private @Nullable Path file;

  /** Writes the document; {@code summary} is said when it goes to a file. */
  void write(byte[] document, String summary) {
    PrintWriter out = command.commandLine().getOut();
    if (file == null || file.toString().equals("-")) {
      out.print(new String(document, StandardCharsets.UTF_8));
    } else {
      OutputFile.write(file, document);
      out.println(file + ": " + summary);
    }
    out.flush();
  }
}
