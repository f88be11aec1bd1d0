package dev.keystead.cli.host;

import dev.keystead.claims.TaoName;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.InputFile;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.node.host.setup.HostGrant;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keystead host complete}. */
@Command(name = "complete", description = "Set up the host that the owner has granted.")
final class HostCompleteCommand implements Callable<Integer> {
  @Mixin private HostDirectory directory;

  @Parameters(paramLabel = "GRANT", description = "What keystead host grant has printed.")
  private Path grant;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    byte[] granted = InputFile.read(grant, InputFile.SMALL, "the grant");
    TaoName name = directory.setup().complete(HostGrant.parse(granted));
    output.print(Json.object().put("host", name.text()).build(), List.of(name.text()));
    return ExitCode.TRUSTED;
  }
}
