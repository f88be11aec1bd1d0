package dev.keystead.cli.host;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.tao.Handle;
import dev.keystead.tao.ProgramSpec;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keystead run}. */
@Command(
    name = "run",
    description = "Have a host measure a program and run it; its handle is printed.")
public final class RunCommand implements Callable<Integer> {
  @Mixin private HostSocket host;
  @Mixin private ProgramOptions program;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    ProgramSpec spec = program.spec();
    Handle handle = host.ask(h -> h.start(spec));
    output.print(Json.object().put("handle", handle.hex()).build(), List.of(handle.hex()));
    return ExitCode.TRUSTED;
  }
}
