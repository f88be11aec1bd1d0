package dev.keystead.cli.ledger;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.control.ledger.Entry;
import dev.keystead.control.ledger.Head;
import dev.keystead.control.ledger.Ledger;
import dev.keystead.control.ledger.LedgerException;
import dev.keystead.evidence.json.Json;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead ledger verify}. */
@Command(
    name = "verify",
    description = {
      "Check that no entry is missing, changed or out of order, and print the head.",
      "A head that was kept elsewhere shows also whether the end was cut off."
    })
final class LedgerVerifyCommand implements Callable<Integer> {
  private static final Pattern HEAD = Pattern.compile("([0-9]{1,18}):([0-9a-f]{64})");

  @Mixin private LedgerCommand.Source source;

  @Option(
      names = "--contains",
      paramLabel = "HEAD",
      description = "A head that an earlier verify printed and that must still be in the ledger.")
  private @Nullable String kept;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    try {
      Head head = source.read(this::verify);
      output.print(
          Json.object()
              .put("whole", true)
              .put("entries", head.seq())
              .put("head", head.toString())
              .build(),
          List.of("whole: " + head.seq() + " entries", "head: " + head));
      return ExitCode.TRUSTED;
    } catch (LedgerException e) {
      String why = String.valueOf(e.getMessage());
      output.print(
          Json.object().put("whole", false).put("entry", e.seq()).put("detail", why).build(),
          List.of("NOT whole: " + why));
      return ExitCode.NOT_TRUSTED;
    }
  }

  private Head verify(Ledger ledger) {
    Head head = ledger.verify();
    if (kept == null) {
      return head;
    }
    Matcher wanted = HEAD.matcher(kept);
    if (!wanted.matches()) {
      throw CommandException.usage("--contains wants NUMBER:HASH, as verify prints it");
    }
    long seq = Long.parseLong(wanted.group(1));
    List<Entry> entry = seq == 0 ? List.of() : ledger.entries(seq - 1, 1);
    boolean there =
        seq == 0
            || (!entry.isEmpty()
                && entry.getFirst().seq() == seq
                && HexFormat.of().formatHex(entry.getFirst().hash()).equals(wanted.group(2)));
    if (!there) {
      throw CommandException.failed(
          "the ledger is whole up to %s, but does not contain %s: its end was cut off or rewritten"
              .formatted(head, kept));
    }
    return head;
  }
}
