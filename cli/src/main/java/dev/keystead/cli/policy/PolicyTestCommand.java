package dev.keystead.cli.policy;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.Findings;
import dev.keystead.cli.InputFile;
import dev.keystead.cli.OutputFormat;
import dev.keystead.cli.node.Owner;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.policy.PolicyTrial;
import dev.keystead.evidence.policy.RuntimePolicy;
import dev.keystead.keylime.AgentId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keystead policy test}. */
@Command(
    name = "test",
    description = {
      "A dry run: what a runtime policy says of measurement lists, or of nodes that run now. All"
          + " entries are judged, also behind the first that is refused.",
      "A node is asked for a fresh quote, and its list has to be the one that its TPM signed. A"
          + " list from a file proves nothing. 0 if all is allowed, 1 if not."
    })
final class PolicyTestCommand implements Callable<Integer> {
  @Parameters(paramLabel = "POLICY", description = "The runtime policy.")
  private Path policy;

  @Option(
      names = {"-m", "--ima-list"},
      paramLabel = "FILE",
      description = "A measurement list, binary or ASCII; may be given repeatedly.")
  private List<Path> lists = List.of();

  @Option(
      names = "--node",
      paramLabel = "ID",
      converter = Owner.Id.class,
      description = "A registered node; may be given repeatedly.")
  private List<AgentId> nodes = List.of();

  @Mixin private Owner owner;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    if (lists.isEmpty() && nodes.isEmpty()) {
      throw CommandException.usage("give --ima-list FILE or --node ID");
    }
    RuntimePolicy judged = RuntimePolicy.of(PolicyFile.read(policy));
    Map<String, PolicyTrial> trials = new LinkedHashMap<>();
    for (Path list : lists) {
      byte[] bytes = InputFile.read(list, InputFile.IMA_LIST, "the IMA list");
      trials.put(list.toString(), PolicyTrial.of(judged, bytes));
    }
    List<String> refused = new ArrayList<>();
    for (AgentId node : nodes) {
      try {
        byte[] list = owner.as(tenant -> tenant.provenList(node, judged.templateHash()));
        trials.put("node " + node, PolicyTrial.of(judged, list));
      } catch (EvidenceException e) {
        refused.add("node %s: its evidence is not good: %s".formatted(node, e.getMessage()));
      }
    }
    print(trials, refused);
    boolean allowed = refused.isEmpty() && trials.values().stream().allMatch(PolicyTrial::allowed);
    return allowed ? ExitCode.TRUSTED : ExitCode.NOT_TRUSTED;
  }

  private void print(Map<String, PolicyTrial> trials, List<String> refused) {
    List<Json> json = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    trials.forEach((name, trial) -> {
      json.add(
          Json.object()
              .put("subject", name)
              .put("entries", trial.entries())
              .put("refused", trial.refused())
              .put("findings", Findings.json(trial.findings()))
              .build());
      lines.add(
          "%s: %d entries, %d of them not allowed"
              .formatted(name, trial.entries(), trial.refused()));
      trial
          .findings()
          .forEach(
              f -> lines.add("  %s: %s: %s".formatted(f.code().label(), f.where(), f.detail())));
    });
    refused.forEach(line -> {
      json.add(Json.object().put("refused", line).build());
      lines.add(line);
    });
    output.print(Json.array(json), lines);
  }
}
