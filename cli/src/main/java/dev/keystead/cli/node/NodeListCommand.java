package dev.keystead.cli.node;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import dev.keystead.tenant.NodeStatus;
import dev.keystead.tenant.Tenant;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead node list}. */
@Command(name = "list", description = "How all nodes stand.")
final class NodeListCommand implements Callable<Integer> {
  @Option(names = "--registered", description = "Only the ids that the registrar knows.")
  private boolean registered;

  @Option(names = "--watched", description = "Only what the verifier knows, in one question.")
  private boolean watched;

  @Option(
      names = "--verifier-id",
      paramLabel = "ID",
      description = "With --watched: of this verifier, where several share a database.")
  private @Nullable String verifierId;

  @Mixin private Owner owner;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    if ((registered && watched) || (verifierId != null && !watched)) {
      throw CommandException.usage(
          "--registered and --watched do not go together, --verifier-id goes with --watched");
    }
    if (registered) {
      List<String> ids =
          owner.as(Tenant::registered).stream().map(id -> id.value()).sorted().toList();
      output.print(Json.strings(ids), ids.isEmpty() ? List.of("no node is registered") : ids);
      return ExitCode.TRUSTED;
    }
    if (watched) {
      SortedMap<AgentId, VerifierAgentStatus> known =
          owner.as(tenant -> tenant.attested(Optional.ofNullable(verifierId)));
      output.print(
          Json.array(
              known.entrySet().stream()
                  .map(one -> StatusView.watched(one.getKey(), one.getValue()))
                  .toList()),
          known.isEmpty()
              ? List.of("no node is watched")
              : known.entrySet().stream()
                  .map(one -> StatusView.line(one.getKey(), Optional.of(one.getValue())))
                  .toList());
      return ExitCode.TRUSTED;
    }
    List<NodeStatus> all = owner.as(Tenant::list);
    output.print(
        Json.array(all.stream().map(StatusView::json).toList()),
        all.isEmpty() ? List.of("no node is known") : all.stream().map(StatusView::line).toList());
    return ExitCode.TRUSTED;
  }
}
