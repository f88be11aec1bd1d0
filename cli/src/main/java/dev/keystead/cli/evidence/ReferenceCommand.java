package dev.keystead.cli.evidence;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFile;
import dev.keystead.cli.folder.EvidenceFolder;
import dev.keystead.cli.folder.FolderQuote;
import dev.keystead.evidence.boot.BootLog;
import dev.keystead.evidence.boot.VerifiedBootLog;
import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.evidence.reference.BootReference;
import dev.keystead.evidence.reference.ReferenceFile;
import dev.keystead.tpm.structure.PcrSelection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keystead evidence reference}: makes reference values from a good boot. */
@Command(
    name = "reference",
    description = {
      "Make reference values from a boot that you know to be good: the PCR values, and the boot"
          + " events behind them.",
      "Quotes and boot log have to verify; that the boot is good is your word."
    })
final class ReferenceCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR",
      description = "The evidence of the good boot, as keystead appraise takes it.")
  private Path folder;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Where to write the reference values (JSON).")
  private Path output;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    EvidenceFolder evidence = EvidenceFolder.read(folder);
    evidence.requireWhole();
    List<VerifiedQuote> quotes =
        evidence.quotes().stream().map(quote -> verify(quote, evidence.nonce())).toList();
    BootLog log =
        BootLog.parse(
            evidence
                .bootLog()
                .orElseThrow(() ->
                    CommandException.unreadable(
                        "the folder %s has no binary_bios_measurements".formatted(folder))));
    VerifiedBootLog good =
        quotes.stream()
            .map(log::verify)
            .max(Comparator.comparingInt(ReferenceCommand::width))
            .orElseThrow();
    BootReference reference = BootReference.of(good);
    OutputFile.write(
        output, ReferenceFile.write(reference).pretty().getBytes(StandardCharsets.UTF_8));
    command
        .commandLine()
        .getOut()
        .printf("%s: %d PCRs, %d boot events%n", output, width(good), reference.events().size());
    command.commandLine().getOut().flush();
    return ExitCode.TRUSTED;
  }

  private static VerifiedQuote verify(FolderQuote quote, byte[] nonce) {
    return new QuoteVerifier(quote.key(), AcceptedAlgorithms.ALL)
        .verify(quote.quote(), nonce, new Coverage.AtLeast(new PcrSelection(List.of())));
  }

  private static int width(VerifiedBootLog log) {
    return log.confirmed().banks().stream().mapToInt(bank -> Integer.bitCount(bank.mask())).sum();
  }
}
