package dev.keystead.evidence.launch;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A launch log: a line of ASCII for each program, in the order in which they were started. The host
 * has extended PCR {@value #PCR}, in every bank with that bank's hash of the line without its end,
 * before the program ran. The PCR is zero when the host starts first after a boot, and nobody else
 * extends it.
 *
 * @param entries all of them
 */
public record LaunchLog(List<LaunchEntry> entries) {
  /** The PCR that hosts extend; it cannot be reset without a reset of the machine. */
  public static final int PCR = 13;

  /** The largest log: some thirty thousand programs in one boot. */
  public static final int MAX_SIZE = 4 << 20;

  private static final String WHERE = "launch log";

  /** Takes a copy. */
  public LaunchLog {
    entries = List.copyOf(entries);
  }

  /**
   * Parses a log and requires that the quoted PCR has the value that its first entries, or all,
   * lead to. Entries behind them are of programs that were started since the quote.
   *
   * @throws EvidenceException MALFORMED, PCR_MISSING or LAUNCH_LOG_MISMATCH
   */
  public static LaunchLog verify(byte[] log, PcrValues quoted) {
    if (log.length > MAX_SIZE) {
      throw new EvidenceException(
          Code.MALFORMED, WHERE, "%d bytes, at most %d can be".formatted(log.length, MAX_SIZE));
    }
    Map<HashAlg, Digest> target = target(quoted);
    Map<HashAlg, Digest> replayed = new EnumMap<>(HashAlg.class);
    target.keySet().forEach(bank -> replayed.put(bank, Digest.zero(bank)));
    List<LaunchEntry> entries = new ArrayList<>();
    boolean covered = replayed.equals(target);
    int start = 0;
    while (start < log.length) {
      int end = endOfLine(log, start, entries.size());
      String line = new String(log, start, end - start, StandardCharsets.ISO_8859_1);
      entries.add(LaunchEntry.parse(line, entries.size()));
      byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
      replayed.replaceAll((bank, pcr) -> pcr.extend(Digest.hash(bank, bytes).bytes()));
      covered = covered || replayed.equals(target);
      start = end + 1;
    }
    if (!covered) {
      throw new EvidenceException(
          Code.LAUNCH_LOG_MISMATCH,
          WHERE,
          "after none of its %d entries is PCR %d as quoted, %s; at its end it is %s"
              .formatted(entries.size(), PCR, target.values(), replayed.values()));
    }
    return new LaunchLog(entries);
  }

  private static Map<HashAlg, Digest> target(PcrValues quoted) {
    Map<HashAlg, Digest> target = new EnumMap<>(HashAlg.class);
    quoted
        .banks()
        .keySet()
        .forEach(bank -> quoted.get(bank, PCR).ifPresent(value -> target.put(bank, value)));
    if (target.isEmpty()) {
      throw new EvidenceException(
          Code.PCR_MISSING, "PCR " + PCR, "the launch log needs it, the quote does not cover it");
    }
    return target;
  }

  private static int endOfLine(byte[] log, int start, long number) {
    for (int end = start; end < log.length && end <= start + LaunchEntry.LONGEST; end++) {
      if (log[end] == '\n') {
        return end;
      }
    }
    throw new EvidenceException(
        Code.MALFORMED, "launch log entry " + number, "its line is too long or has no end");
  }
}
