package dev.keystead.cli.node;

import dev.keystead.cli.OutputFormat;
import dev.keystead.keylime.AgentId;
import dev.keystead.tenant.NodeStatus;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keystead node status}. */
@Command(name = "status", description = "How a node stands: 0 if it is trusted now, 1 if not.")
final class NodeStatusCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", converter = Owner.Id.class, description = "The agent's id.")
  private AgentId id;

  @Mixin private Owner owner;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    NodeStatus status = owner.as(tenant -> tenant.status(id));
    output.print(StatusView.json(status), StatusView.lines(status));
    return StatusView.exitCode(status);
  }
}
