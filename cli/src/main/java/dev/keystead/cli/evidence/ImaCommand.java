package dev.keystead.cli.evidence;

import dev.keystead.cli.Banks;
import dev.keystead.cli.Findings;
import dev.keystead.cli.InputFile;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaReader;
import dev.keystead.evidence.ima.ImaReplay;
import dev.keystead.evidence.ima.ImaState;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.policy.ImaJudge;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keystead evidence ima}: what an IMA list says. */
@Command(
    name = "ima",
    description = {
      "Replay an IMA measurement list, binary or ASCII, and say what it claims.",
      "Nothing in it is proved here: that takes a quote (keystead appraise). Findings are entries"
          + " whose data does not hash to their template hash, entries of unknown templates, and"
          + " violations, which no policy tolerates here."
    })
final class ImaCommand implements Callable<Integer> {
  private static final int MOST_FINDINGS = 1000;

  @Parameters(
      paramLabel = "FILE",
      description = "As binary_ or ascii_runtime_measurements in /sys/kernel/security/ima.")
  private Path file;

  @Option(
      names = "--banks",
      paramLabel = "BANK[,BANK]",
      converter = Banks.class,
      description = "The banks of PCR 10 to replay (default: sha1,sha256).")
  private @Nullable Banks banks;

  @Mixin private OutputFormat output;

  private final Set<String> templates = new LinkedHashSet<>();
  private final List<Finding> findings = new ArrayList<>();
  private long entries;
  private long violations;
  private long more;

  @Override
  public Integer call() {
    byte[] list = InputFile.read(file, InputFile.IMA_LIST, "the IMA list");
    Set<HashAlg> wanted =
        banks == null
            ? EnumSet.of(HashAlg.SHA1, HashAlg.SHA256)
            : new LinkedHashSet<>(banks.algorithms());
    ImaReplay replay = new ImaReplay(ImaState.start(wanted));
    ImaReader reader = ImaReader.of(list, 0, HashAlg.SHA1);
    for (Optional<ImaEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      look(entry.get());
      if (entry.get().pcr() == ImaReplay.PCR) {
        replay.extend(entry.get());
      }
    }
    print(replay.state());
    return Findings.exitCode(findings);
  }

  private void look(ImaEntry entry) {
    entries++;
    templates.add(entry.templateName());
    try {
      ImaJudge.requireWhole(entry);
      if (entry.isViolation()) {
        violations++;
        throw ImaJudge.violation(entry);
      }
      entry.name();
      entry.digest();
    } catch (EvidenceException e) {
      if (findings.size() < MOST_FINDINGS) {
        findings.add(e.finding());
      } else {
        more++;
      }
    }
  }

  private void print(ImaState state) {
    JsonObjectBuilder pcr10 = Json.object();
    List<String> lines = new ArrayList<>();
    lines.add("entries: " + entries);
    lines.add("violations: " + violations);
    lines.add("templates: " + String.join(", ", templates));
    state
        .pcr10()
        .forEach((bank, value) -> {
          pcr10.put(bank.label(), value.hex());
          lines.add("PCR 10 %s %s".formatted(bank.label(), value.hex()));
        });
    Findings.lines(findings).forEach(lines::add);
    JsonObjectBuilder json =
        Json.object()
            .put("entries", entries)
            .put("violations", violations)
            .put("templates", Json.strings(List.copyOf(templates)))
            .put("pcr10", pcr10)
            .put("findings", Findings.json(findings));
    if (more > 0) {
      json.put("findingsNotShown", more);
      lines.add("  and %d more".formatted(more));
    }
    output.print(json.build(), lines);
  }
}
