package dev.keystead.cli.policy;

import dev.keystead.cli.ExitCode;
import dev.keystead.evidence.policy.PolicyDraft;
import dev.keystead.tenant.policy.Harvest;
import dev.keystead.tenant.policy.Meter;
import dev.keystead.tenant.policy.PolicyRecipe;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code keystead policy create}. */
@Command(
    name = "create",
    description = {
      "Make a runtime policy (Keylime's format) from one or more sources; what any of them holds is"
          + " allowed. Violations in an IMA list allow nothing.",
      "That the sources are good is your word: a list is not compared with a quote."
    },
    subcommands = PolicyCreateBootCommand.class)
final class PolicyCreateCommand implements Callable<Integer> {
  /** What is written. */
  enum Form {
    /** A runtime policy. */
    POLICY,
    /** The digests alone, a digest and a name in a line. */
    ALLOW_LIST
  }

  @Mixin private Sources sources;
  @Mixin private Result result;

  @Option(
      names = "--form",
      paramLabel = "policy|allow_list",
      defaultValue = "policy",
      description = "What to write (default: policy).")
  private Form form;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    PrintWriter err = command.commandLine().getErr();
    PolicyRecipe recipe = sources.recipe();
    Meter meter = new Meter();
    PolicyRecipe.Made made;
    try (ProgressLine _ = ProgressLine.start(err, meter)) {
      made = recipe.make(meter);
    }
    PolicyDraft draft = made.draft();
    sources.addTo(draft);
    made.harvests().forEach(harvest -> report(harvest, err));
    byte[] document =
        form == Form.POLICY
            ? draft.toJson(InstantSource.system().instant()).toBytes()
            : draft.toAllowList().getBytes(StandardCharsets.UTF_8);
    result.write(document, draft.fileCount() + " files");
    return ExitCode.TRUSTED;
  }

  private static void report(Harvest harvest, PrintWriter err) {
    if (harvest.leftOutCount() > 0) {
      err.printf(
          "keystead: left out of the policy, and so forbidden: %d, such as%n",
          harvest.leftOutCount());
      harvest.leftOut().forEach(line -> err.println("  " + printable(line)));
      err.flush();
    }
  }

  private static String printable(String line) {
    return line.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
  }
}
