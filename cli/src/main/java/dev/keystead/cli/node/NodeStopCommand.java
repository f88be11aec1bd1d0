package dev.keystead.cli.node;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keystead node stop}. */
@Command(
    name = "stop",
    description = "Stop watching a node, which stays enrolled; node reactivate goes on.")
final class NodeStopCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", converter = Owner.Id.class, description = "The agent's id.")
  private AgentId id;

  @Mixin private Owner owner;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    VerifierAgentStatus status = owner.as(tenant -> tenant.stop(id));
    output.print(
        Json.object().put("id", id.value()).put("state", status.state().name()).build(),
        List.of("%s is no longer watched, state %s".formatted(id, status.state())));
    return ExitCode.TRUSTED;
  }
}
