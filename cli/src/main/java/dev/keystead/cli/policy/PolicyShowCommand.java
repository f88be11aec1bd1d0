package dev.keystead.cli.policy;

import dev.keystead.cli.ExitCode;
import dev.keystead.evidence.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keystead policy show}. */
@Command(name = "show", description = "Show a policy that the verifier keeps (JSON).")
final class PolicyShowCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "The name.")
  private String name;

  @Mixin private Shelf shelf;
  @Mixin private Result result;

  @Override
  public Integer call() throws IOException {
    Json.Obj policy = shelf.as(named -> named.show(shelf.kind(), name));
    result.write(policy.pretty().getBytes(StandardCharsets.UTF_8), "written");
    return ExitCode.TRUSTED;
  }
}
