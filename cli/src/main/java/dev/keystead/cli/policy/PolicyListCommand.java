package dev.keystead.cli.policy;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keystead policy list}. */
@Command(name = "list", description = "List the names of the policies that the verifier keeps.")
final class PolicyListCommand implements Callable<Integer> {
  @Mixin private Shelf shelf;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    List<String> names = shelf.as(named -> named.names(shelf.kind()));
    output.print(Json.strings(names), names.isEmpty() ? List.of("none is kept") : names);
    return ExitCode.TRUSTED;
  }
}
