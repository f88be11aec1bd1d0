package dev.keystead.cli.policy;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.InputFile;
import dev.keystead.evidence.policy.OlderPolicy;
import dev.keystead.evidence.policy.PolicyDraft;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keystead policy convert}. */
@Command(
    name = "convert",
    description = {
      "Turn an older allow list or policy of Keylime's into a runtime policy of version 1. What"
          + " cannot be carried over is refused, not dropped."
    })
final class PolicyConvertCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      description = "A flat allow list, a JSON allow list, or an older policy.")
  private Path file;

  @Option(
      names = {"-e", "--exclude-list"},
      paramLabel = "FILE",
      description = "An exclude list to put into the policy.")
  private List<Path> excludeLists = List.of();

  @Mixin private Result result;

  @Override
  public Integer call() {
    PolicyDraft draft = new PolicyDraft();
    OlderPolicy.add(InputFile.read(file, InputFile.POLICY, "the allow list"), draft);
    for (Path excludes : excludeLists) {
      OlderPolicy.addExcludes(
          InputFile.read(excludes, InputFile.POLICY, "the exclude list"), draft);
    }
    byte[] policy = draft.toJson(InstantSource.system().instant()).toBytes();
    result.write(policy, draft.fileCount() + " files");
    return ExitCode.TRUSTED;
  }
}
