package dev.keystead.cli;

import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.json.Json;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Findings as the command line shows them, and the exit code that they make. */
public final class Findings {
  private static final Set<Code> UNREADABLE = Set.of(Code.MALFORMED, Code.POLICY_UNUSABLE);

  private Findings() {}

  /** An array of {@code {"code", "where", "detail"}}. */
  public static Json json(List<Finding> findings) {
    return Json.array(
        findings.stream()
            .map(f ->
                Json.object()
                    .put("code", f.code().label())
                    .put("where", f.where())
                    .put("detail", f.detail())
                    .build())
            .toList());
  }

  /** A line for each, or one that says that there is none. */
  public static Stream<String> lines(List<Finding> findings) {
    return findings.isEmpty()
        ? Stream.of("findings: none")
        : Stream.concat(
            Stream.of("findings: " + findings.size()),
            findings.stream()
                .map(f -> "  %s: %s: %s".formatted(f.code().label(), f.where(), f.detail())));
  }

  /** Unreadable when something is not what it should be, else not trusted when there is any. */
  public static int exitCode(List<Finding> findings) {
    if (findings.stream().anyMatch(f -> UNREADABLE.contains(f.code()))) {
      return ExitCode.UNREADABLE;
    }
    return findings.isEmpty() ? ExitCode.TRUSTED : ExitCode.NOT_TRUSTED;
  }
}
