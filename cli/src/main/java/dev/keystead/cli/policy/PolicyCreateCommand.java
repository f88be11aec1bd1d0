package dev.keystead.cli.policy;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.InputFile;
import dev.keystead.cli.OutputFile;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.policy.RuntimePolicy;
import dev.keystead.evidence.policy.RuntimePolicyWriter;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code keystead policy create}. */
@Command(
    name = "create",
    description = {
      "Make a runtime policy (Keylime's format) that allows what an IMA list holds: every file"
          + " with every digest that was measured, keys and other data. Violations allow nothing.",
      "That the machine was good is your word: the list is not compared with a quote."
    })
final class PolicyCreateCommand implements Callable<Integer> {
  @Option(
      names = "--ima-list",
      required = true,
      paramLabel = "FILE",
      description = "The IMA list of a machine that is known to be good, binary or ASCII.")
  private Path list;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Where to write the policy (JSON).")
  private Path output;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    byte[] bytes = InputFile.read(list, InputFile.IMA_LIST, "the IMA list");
    Json.Obj policy =
        RuntimePolicyWriter.fromList(bytes, HashAlg.SHA1, InstantSource.system().instant());
    int files = RuntimePolicy.of(policy).fileCount();
    OutputFile.write(output, policy.pretty().getBytes(StandardCharsets.UTF_8));
    command.commandLine().getOut().printf("%s: %d files%n", output, files);
    command.commandLine().getOut().flush();
    return ExitCode.TRUSTED;
  }
}
