package dev.keystead.cli.node;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keystead node forget}. */
@Command(
    name = "forget",
    description = "Forget a node's registration at the registrar; it then has to register anew.")
final class NodeForgetCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", converter = Owner.Id.class, description = "The agent's id.")
  private AgentId id;

  @Mixin private Owner owner;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    var _ = owner.as(tenant -> tenant.forget(id));
    output.print(
        Json.object().put("id", id.value()).put("atRegistrar", "removed").build(),
        List.of(id + " is forgotten at the registrar"));
    return ExitCode.TRUSTED;
  }
}
