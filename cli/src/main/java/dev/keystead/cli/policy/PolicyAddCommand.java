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

/** {@code keystead policy add}. */
@Command(name = "add", description = "Keep a policy at the verifier under a new name.")
final class PolicyAddCommand implements Callable<Integer> {
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
          named.add(shelf.kind(), name, source);
          return name;
        });
    output.print(
        Json.object().put("name", name).put("done", "kept").build(),
        List.of(name + " is kept at the verifier"));
    return ExitCode.TRUSTED;
  }
}
