package dev.keystead.cli.host;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.program.ProgramStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keystead stop}. */
@Command(name = "stop", description = "End a program and wait for its end.")
public final class StopCommand implements Callable<Integer> {
  @Mixin private HostSocket host;

  @Parameters(paramLabel = "HANDLE", description = "Its handle, or as much of it as is unique.")
  private String handle;

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long it has before it is killed, at most 60 (default: 10).")
  private int grace;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    ProgramStatus.Ended ended =
        host.ask(h -> h.stop(HostSocket.handle(h, handle), Duration.ofSeconds(grace)));
    output.print(
        Json.object().put("ended", ended.at().toString()).put("code", ended.code()).build(),
        List.of("ended with " + ended.code()));
    return ExitCode.TRUSTED;
  }
}
