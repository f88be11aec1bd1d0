package dev.keystead.cli.evidence;

import dev.keystead.cli.Findings;
import dev.keystead.cli.InputFile;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.boot.BootLog;
import dev.keystead.evidence.boot.BootState;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.quote.PcrValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keystead evidence bootlog}: what a TCG boot log says. */
@Command(
    name = "bootlog",
    description = {
      "Replay a TCG boot log and say what it claims.",
      "Nothing in it is proved here: that takes a quote (keystead appraise). The findings are"
          + " events whose data is not what their digests cover."
    })
final class BootlogCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      description = "As /sys/kernel/security/tpm0/binary_bios_measurements.")
  private Path file;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    BootLog log = BootLog.parse(InputFile.read(file, InputFile.BOOT_LOG, "the boot log"));
    PcrValues pcrs = log.replay();
    BootState state = BootState.of(log);
    output.print(
        Json.object()
            .put("events", log.events().size())
            .put("secureBoot", state.secureBoot().label())
            .put("pcrs", PcrView.json(pcrs))
            .put("findings", Findings.json(state.findings()))
            .build(),
        text(log, state, pcrs));
    return Findings.exitCode(state.findings());
  }

  private static List<String> text(BootLog log, BootState state, PcrValues pcrs) {
    List<String> lines = new ArrayList<>();
    log.events().forEach(event -> lines.add("%s: %s".formatted(event.where(), event.text())));
    lines.add("events: " + log.events().size());
    lines.add("Secure Boot: " + state.secureBoot().label());
    lines.addAll(PcrView.lines(pcrs));
    Findings.lines(state.findings()).forEach(lines::add);
    return lines;
  }
}
