package dev.keystead.cli.tao;

import dev.keystead.claims.TaoName;
import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keystead tao name}. */
@Command(name = "name", description = "The name of this program: its host's, and what it is.")
final class TaoNameCommand implements Callable<Integer> {
  @Mixin private TaoCommand.HostOption host;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    TaoName name =
        host.info()
            .program()
            .orElseThrow(() -> CommandException.failed("the host does not run this program"));
    output.print(Json.object().put("name", name.text()).build(), List.of(name.text()));
    return ExitCode.TRUSTED;
  }
}
