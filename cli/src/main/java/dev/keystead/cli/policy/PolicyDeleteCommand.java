package dev.keystead.cli.policy;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keystead policy delete}. */
@Command(
    name = "delete",
    description = "Forget a policy at the verifier that no node is judged by.")
final class PolicyDeleteCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "The name.")
  private String name;

  @Mixin private Shelf shelf;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    var _ =
        shelf.as(named -> {
          named.delete(shelf.kind(), name);
          return name;
        });
    output.print(
        Json.object().put("name", name).put("done", "deleted").build(),
        List.of(name + " is forgotten at the verifier"));
    return ExitCode.TRUSTED;
  }
}
