package dev.keystead.cli;

import dev.keystead.cli.folder.Criteria;
import dev.keystead.cli.folder.EvidenceFolder;
import dev.keystead.cli.folder.FolderAppraiser;
import dev.keystead.evidence.Appraisal;
import dev.keystead.evidence.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keystead appraise}: judges the evidence in a folder. */
@Command(
    name = "appraise",
    description = {
      "Judge the evidence of one boot: every quote, both logs, EK certificates.",
      "",
      "DIR holds nonce.hex; quote_NAME.msg, .sig and .pcrs with ak_NAME.pub.tpm2b or .pub.pem;"
          + " binary_bios_measurements; binary_ and ascii_runtime_measurements; launch_log;"
          + " ek_NAME.cert.der and ek_NAME.pub.tpmt. Keys, certificates and nonce may lie in the"
          + " folder above.",
      "",
      "What is not given to judge by is listed as not checked and decides nothing; what is given"
          + " decides. An IMA list with nothing but boot_aggregate is a finding, and so is a"
          + " violation that no policy tolerates.",
      ""
    })
public final class AppraiseCommand implements Callable<Integer> {
  /** How the result is printed. */
  enum Format {
    JSON,
    TEXT,
    EAR
  }

  @Parameters(paramLabel = "DIR", description = "The folder with the evidence.")
  private Path folder;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "A runtime policy of Keylime's, bare or signed (DSSE).")
  private @Nullable Path policy;

  @Option(
      names = "--policy-key",
      paramLabel = "FILE",
      description = "The PEM public key that must have signed the policy.")
  private @Nullable Path policyKey;

  @Option(
      names = "--reference",
      paramLabel = "FILE",
      description = "Reference values, as keystead evidence reference makes them.")
  private @Nullable Path reference;

  @Option(
      names = "--mb-refstate",
      paramLabel = "FILE",
      description = "A measured boot reference state of Keylime's.")
  private @Nullable Path refstate;

  @Option(
      names = "--launch-policy",
      paramLabel = "FILE",
      description = "The measurements of the programs that a host may start.")
  private @Nullable Path launches;

  @Option(
      names = "--ek-roots",
      paramLabel = "DIR",
      description = "Certificates (PEM or DER) of the TPM makers that you trust.")
  private @Nullable Path roots;

  @Option(
      names = "--output",
      paramLabel = "json|text|ear",
      defaultValue = "text",
      description = "How to print the result; ear is a signed EAT attestation result (a JWT).")
  private Format format;

  @Option(
      names = "--ear-key",
      paramLabel = "FILE",
      description =
          "The P-256 private key (PEM) that signs the attestation result. Without it a new key"
              + " signs, and its public JWK is printed on standard error.")
  private @Nullable Path earKey;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    if (earKey != null && format != Format.EAR) {
      throw CommandException.usage("--ear-key goes with --output ear");
    }
    Criteria criteria = Criteria.read(policy, policyKey, reference, refstate, launches, roots);
    EvidenceFolder evidence = EvidenceFolder.read(folder);
    Instant now = InstantSource.system().instant();
    Appraisal appraisal = FolderAppraiser.appraise(evidence, criteria, now);
    PrintWriter out = command.commandLine().getOut();
    switch (format) {
      case JSON -> out.print(json(appraisal).pretty());
      case TEXT -> text(appraisal).forEach(line -> out.println(OutputFormat.printable(line)));
      case EAR -> {
        EarToken token = EarToken.with(earKey);
        token.jwk().ifPresent(command.commandLine().getErr()::println);
        out.println(token.sign(appraisal, criteria, evidence.nonce()));
      }
    }
    out.flush();
    return Findings.exitCode(appraisal.findings());
  }

  private static Json.Obj json(Appraisal appraisal) {
    return Json.object()
        .put("trusted", appraisal.trusted())
        .put(
            "covered",
            Json.object()
                .put("bootEvents", appraisal.covered().bootEvents())
                .put("imaEntries", appraisal.covered().imaEntries())
                .put("files", appraisal.covered().files()))
        .put("notChecked", Json.strings(appraisal.notChecked()))
        .put("findings", Findings.json(appraisal.findings()))
        .build();
  }

  private static List<String> text(Appraisal appraisal) {
    List<String> lines = new ArrayList<>();
    lines.add(
        appraisal.trusted()
            ? "Trusted, as far as there was something to judge by."
            : "NOT trusted.");
    lines.add(
        "covered: %d boot events, %d IMA entries, %d files"
            .formatted(
                appraisal.covered().bootEvents(),
                appraisal.covered().imaEntries(),
                appraisal.covered().files()));
    if (appraisal.softwareTpm()) {
      lines.add("the TPM is software: its word is worth as much as the machine that it runs on");
    }
    appraisal.notChecked().forEach(line -> lines.add("not checked: " + line));
    Findings.lines(appraisal.findings()).forEach(lines::add);
    return lines;
  }
}
