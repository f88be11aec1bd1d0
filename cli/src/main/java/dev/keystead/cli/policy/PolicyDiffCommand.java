package dev.keystead.cli.policy;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.policy.PolicyChange;
import dev.keystead.evidence.policy.PolicyDiff;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keystead policy diff}. */
@Command(
    name = "diff",
    description = {
      "Say what a policy allows and forbids that another does not; signatures are not looked at.",
      "0 if both mean the same, 1 if not."
    })
final class PolicyDiffCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "BEFORE", description = "The policy there was.")
  private Path before;

  @Parameters(index = "1", paramLabel = "AFTER", description = "The policy there is to be.")
  private Path after;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    List<PolicyChange> changes = PolicyDiff.of(PolicyFile.read(before), PolicyFile.read(after));
    output.print(
        Json.array(changes.stream().map(PolicyDiffCommand::json).toList()),
        changes.isEmpty()
            ? List.of("both policies allow the same")
            : changes.stream().map(PolicyDiffCommand::line).toList());
    return changes.isEmpty() ? ExitCode.TRUSTED : ExitCode.NOT_TRUSTED;
  }

  private static Json.Obj json(PolicyChange change) {
    return Json.object()
        .put("effect", change.effect().name().toLowerCase(Locale.ROOT))
        .put("words", change.words())
        .build();
  }

  private static String line(PolicyChange change) {
    String effect = change.effect().name().toLowerCase(Locale.ROOT);
    return "%-8s %s".formatted(effect, change.words());
  }
}
