package dev.keystead.evidence;

import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.boot.BootLog;
import dev.keystead.evidence.boot.BootState;
import dev.keystead.evidence.boot.VerifiedBootLog;
import dev.keystead.evidence.launch.LaunchLog;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** Judges a boot once: as long as its PCRs keep their values, its log is not read again. */
final class BootAppraisal {
  private final Optional<History.Boot> known;
  private final Evidence evidence;
  private final Policy policy;
  private final Findings findings;
  private final List<String> notChecked;
  private Optional<VerifiedBootLog> log = Optional.empty();

  BootAppraisal(
      Optional<History.Boot> known,
      Evidence evidence,
      Policy policy,
      Findings findings,
      List<String> notChecked) {
    this.known = known;
    this.evidence = evidence;
    this.policy = policy;
    this.findings = findings;
    this.notChecked = notChecked;
  }

  Optional<History.Boot> judge(VerifiedQuote quote) {
    if (policy.boot().isEmpty()) {
      notChecked.add("boot: no reference values");
    }
    int mask = policy.boot().map(BootPolicy::pcrMask).orElse(BootLog.BOOT_PCRS);
    if (policy.launches().isPresent()) {
      mask &= ~(1 << LaunchLog.PCR); // It is not the boot's: see LaunchLog.
    }
    Digest pcrs = digest(quote.values(), mask);
    boolean judgedBefore = known.isPresent() && known.get().pcrs().equals(pcrs);
    if (judgedBefore && !needsLogAgain(known.get())) {
      return known;
    }
    readLog(quote, mask);
    if (policy.boot().isPresent()) {
      compare(quote, policy.boot().get());
    }
    return Optional.of(new History.Boot(pcrs, log.map(l -> l.log().events().size()).orElse(0)));
  }

  /**
   * A log that was not there before is read; so is one that a list's first entry is compared with.
   */
  private boolean needsLogAgain(History.Boot before) {
    boolean listAnew = evidence.ima().filter(part -> part.first() == 0).isPresent();
    return evidence.bootLog().isPresent() && (before.events() == 0 || listAnew);
  }

  private void readLog(VerifiedQuote quote, int mask) {
    if (evidence.bootLog().isEmpty()) {
      notChecked.add("boot log: not sent");
      return;
    }
    if (policy.boot().isEmpty() && !coversBoot(quote.values())) {
      notChecked.add("boot log: no PCR of the boot is quoted");
      return;
    }
    try {
      BootLog parsed = BootLog.parse(evidence.bootLog().get());
      log = Optional.of(parsed.verify(quote, mask));
      findings.addAll(BootState.of(parsed).findings());
    } catch (EvidenceException e) {
      findings.add(e.finding());
    }
  }

  private static boolean coversBoot(PcrValues values) {
    return values.selection().banks().stream()
        .anyMatch(bank -> (bank.mask() & BootLog.BOOT_PCRS) != 0);
  }

  private void compare(VerifiedQuote quote, BootPolicy boot) {
    if (log.isPresent() || !boot.needsLog()) {
      findings.addAll(boot.judge(quote, log));
    } else if (evidence.bootLog().isEmpty()) {
      findings.add(
          Code.BOOT_LOG_MISSING, "boot log", "the policy needs it, the machine did not send it");
    }
  }

  /** Values of boot PCRs: those of the log that the quote confirms, and over them the quoted. */
  PcrValues values(VerifiedQuote quote) {
    SequencedMap<HashAlg, SortedMap<Integer, Digest>> banks = new LinkedHashMap<>();
    log.ifPresent(verified -> banks.putAll(verified.log().replay().banks()));
    for (Map.Entry<HashAlg, SortedMap<Integer, Digest>> bank : quote.values().banks().entrySet()) {
      banks.merge(bank.getKey(), bank.getValue(), BootAppraisal::over);
    }
    return new PcrValues(banks);
  }

  private static SortedMap<Integer, Digest> over(
      SortedMap<Integer, Digest> replayed, SortedMap<Integer, Digest> quoted) {
    SortedMap<Integer, Digest> both = new TreeMap<>(replayed);
    both.putAll(quoted);
    return both;
  }

  /** A digest of which PCRs of the mask are quoted, in which banks, and of their values. */
  private static Digest digest(PcrValues values, int mask) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    values
        .banks()
        .forEach((bank, pcrs) ->
            pcrs.forEach((pcr, value) -> {
              if ((mask >>> pcr & 1) == 1) {
                out.write(bank.id() >>> 8);
                out.write(bank.id());
                out.write(pcr);
                out.writeBytes(value.bytes());
              }
            }));
    return Digest.hash(HashAlg.SHA256, out.toByteArray());
  }
}
