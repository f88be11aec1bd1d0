package dev.keystead.cli.evidence;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.Findings;
import dev.keystead.cli.InputFile;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.BareKey;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.PcrFile;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.evidence.quote.PlainSignature;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.evidence.quote.QuoteKey;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmSignature;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead evidence quote}: what a quote attests, and whether it verifies. */
@Command(
    name = "quote",
    description = {
      "Show what a quote attests and whether it verifies.",
      "A key from a PEM file is known by its numbers alone; that it is restricted to what a TPM"
          + " says is then listed as not checked."
    })
final class QuoteCommand implements Callable<Integer> {
  @Option(
      names = "--ak",
      required = true,
      paramLabel = "FILE",
      description = "The attestation key: PEM, TPM2B_PUBLIC or TPMT_PUBLIC.")
  private Path ak;

  @Option(
      names = "--message",
      required = true,
      paramLabel = "FILE",
      description = "What was signed: TPMS_ATTEST.")
  private Path message;

  @Option(
      names = "--signature",
      required = true,
      paramLabel = "FILE",
      description = "TPMT_SIGNATURE, or a plain signature with SHA-256.")
  private Path signature;

  @Option(
      names = "--pcrs",
      paramLabel = "FILE",
      description = "The PCR values, in the file format of tpm2-tools.")
  private @Nullable Path pcrs;

  @Option(
      names = "--nonce",
      required = true,
      paramLabel = "HEX",
      description = "The qualifying data that was asked for.")
  private String nonce;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    byte[] qualifying =
        NonceHex.parse(nonce)
            .orElseThrow(() -> CommandException.usage("the nonce is not hex of 1 to 64 bytes"));
    byte[] bytes = InputFile.read(message, InputFile.SMALL, "the message");
    byte[] signed = InputFile.read(signature, InputFile.SMALL, "the signature");
    Attest attest = parse(bytes);
    Optional<PcrValues> values =
        Optional.ofNullable(pcrs)
            .map(f -> PcrFile.parse(InputFile.read(f, InputFile.SMALL, "the PCR file")));
    List<String> notChecked = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    if (values.isEmpty()) {
      notChecked.add("PCR values: none given (--pcrs)");
    }
    try {
      QuoteKey key = KeyFile.read(ak);
      if (key instanceof BareKey) {
        notChecked.add("key attributes: the key is given without a TPM's public area");
      }
      TpmSignature parsed = PlainSignature.parse(signed, key, key.scheme(), SignedHash.of(bytes));
      QuoteVerifier verifier = new QuoteVerifier(key, AcceptedAlgorithms.ALL);
      if (values.isPresent()) {
        Coverage any = new Coverage.AtLeast(new PcrSelection(List.of()));
        verifier.verify(new Quote(bytes, parsed, values.get()), qualifying, any);
      } else {
        verifier.verifyAttested(bytes, parsed, qualifying);
      }
    } catch (EvidenceException e) {
      findings.add(e.finding());
    }
    JsonObjectBuilder json = Json.object().put("trusted", findings.isEmpty());
    AttestView.describe(attest, json);
    values.ifPresent(v -> json.put("pcrs", PcrView.json(v)));
    json.put("notChecked", Json.strings(notChecked)).put("findings", Findings.json(findings));
    output.print(json.build(), text(attest, values, notChecked, findings));
    return Findings.exitCode(findings);
  }

  private static List<String> text(
      Attest attest, Optional<PcrValues> values, List<String> notChecked, List<Finding> findings) {
    List<String> lines = new ArrayList<>();
    lines.add(findings.isEmpty() ? "The quote verifies." : "The quote is not to be trusted.");
    lines.addAll(AttestView.lines(attest));
    values.ifPresent(v -> lines.addAll(PcrView.lines(v)));
    notChecked.forEach(line -> lines.add("not checked: " + line));
    Findings.lines(findings).forEach(lines::add);
    return lines;
  }

  private static Attest parse(byte[] bytes) {
    try {
      return Attest.parse(bytes);
    } catch (TpmFormatException e) {
      throw CommandException.unreadable("the message is not TPMS_ATTEST: " + e.getMessage());
    }
  }
}
