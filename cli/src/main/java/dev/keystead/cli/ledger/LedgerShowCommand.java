package dev.keystead.cli.ledger;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.control.ledger.Entry;
import dev.keystead.evidence.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead ledger show}. */
@Command(name = "show", description = "Print decisions, oldest first.")
final class LedgerShowCommand implements Callable<Integer> {
  private static final int MAX_ENTRIES = 100_000;

  @Mixin private LedgerCommand.Source source;

  @Option(
      names = "--after",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Start behind this entry (default: 0, the beginning).")
  private long after;

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      defaultValue = "1000",
      description = "Print so many at most (default: 1000).")
  private int limit;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    List<Entry> entries =
        source.read(ledger -> ledger.entries(after, Math.clamp(limit, 0, MAX_ENTRIES)));
    output.print(
        Json.array(entries.stream().map(Entry::toJson).toList()),
        entries.stream().map(LedgerShowCommand::line).toList());
    return ExitCode.TRUSTED;
  }

  private static String line(Entry entry) {
    return "%6d  %s  %-20s  %s  %s"
        .formatted(
            entry.seq(),
            Instant.ofEpochMilli(entry.time()),
            entry.kind().label(),
            entry.subject(),
            entry.body());
  }
}
