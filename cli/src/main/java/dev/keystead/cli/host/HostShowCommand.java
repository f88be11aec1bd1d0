package dev.keystead.cli.host;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.program.HostClient;
import dev.keystead.program.HostInfo;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keystead host show}. */
@Command(name = "show", description = "Who the host is that runs here.")
final class HostShowCommand implements Callable<Integer> {
  @Mixin private HostSocket host;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    HostInfo info = host.ask(HostClient::info);
    output.print(
        Json.object()
            .put("host", info.host().text())
            .put("policyKey", info.policyKey().principal().text())
            .build(),
        List.of("host        " + info.host(), "policy key  " + info.policyKey()));
    return ExitCode.TRUSTED;
  }
}
