package dev.keystead.cli.host;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.program.HostClient;
import dev.keystead.program.ProgramStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keystead ps}. */
@Command(name = "ps", description = "The programs that run on a host, and the last that ended.")
public final class PsCommand implements Callable<Integer> {
  @Mixin private HostSocket host;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    List<ProgramStatus> programs = host.ask(HostClient::list);
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-32s  %-12s  %7s  %7s  %-24s  %s"
            .formatted("HANDLE", "MEASUREMENT", "PID", "UID", "STATE", "PROGRAM"));
    programs.forEach(program -> lines.add(line(program)));
    output.print(Json.array(programs.stream().map(PsCommand::json).toList()), lines);
    return ExitCode.TRUSTED;
  }

  private static String line(ProgramStatus program) {
    return "%-32s  %-12s  %7d  %7d  %-24s  %s"
        .formatted(
            program.handle(),
            program.measurement().hex().substring(0, 12),
            program.pid(),
            program.uid(),
            program.ended().map(end -> "ended with " + end.code()).orElse("running"),
            program.label());
  }

  private static Json json(ProgramStatus program) {
    JsonObjectBuilder json =
        Json.object()
            .put("handle", program.handle().hex())
            .put("measurement", program.measurement().hex())
            .put("pid", program.pid())
            .put("uid", program.uid())
            .put("program", program.label())
            .put("started", program.started().toString())
            .put("running", program.ended().isEmpty());
    program
        .ended()
        .ifPresent(end -> json.put("ended", end.at().toString()).put("code", end.code()));
    return json.build();
  }
}
