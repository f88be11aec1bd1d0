package dev.keystead.cli.node;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.tenant.NodeStatus;
import dev.keystead.tenant.Tenant;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keystead node list}. */
@Command(name = "list", description = "How all nodes stand.")
final class NodeListCommand implements Callable<Integer> {

  @Mixin private Owner owner;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    List<NodeStatus> all = owner.as(Tenant::list);
    output.print(
        Json.array(all.stream().map(StatusView::json).toList()),
        all.isEmpty() ? List.of("no node is known") : all.stream().map(StatusView::line).toList());
    return ExitCode.TRUSTED;
  }
}
