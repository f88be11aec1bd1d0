package dev.keystead.cli.policy;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.tenant.PolicySource;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keystead policy update}. */
@Command(
    name = "update",
    description =
        "Replace a policy that the verifier keeps; the nodes that it judges are judged anew.")
final class PolicyUpdateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "The name.")
  private String name;

  @Mixin private PolicyOptions policies;
  @Mixin private Shelf shelf;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    PolicySource source = policies.source();
    var _ =
        shelf.as(named -> {
          named.update(shelf.kind(), name, source);
          return name;
        });
    output.print(
        Json.object().put("name", name).put("done", "replaced").build(),
        List.of(name + " is replaced at the verifier"));
    return ExitCode.TRUSTED;
  }
}
