package dev.keystead.evidence;

import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.launch.LaunchLog;
import dev.keystead.evidence.policy.PcrPolicy;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.evidence.quote.QuoteClock;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges evidence: (history, evidence, policy, now) to (history', appraisal), nothing else. It
 * never reads a list twice, and remembers no more of it than {@link History} says. Any finding
 * makes the machine untrusted, and makes the next appraisal judge boot and list from the beginning,
 * so that what was found cannot be left behind.
 */
public final class Appraiser {
  private final History before;
  private final Evidence evidence;
  private final Policy policy;
  private final Instant now;
  private final Findings findings = new Findings();
  private final List<String> notChecked = new ArrayList<>();

  private Appraiser(History before, Evidence evidence, Policy policy, Instant now) {
    this.before = before;
    this.evidence = evidence;
    this.policy = policy;
    this.now = now;
  }

  /**
   * Judges one evidence. It throws nothing for evidence that is wrong.
   *
   * @param history what the appraisal before gave, or {@link History#start}
   */
  public static Appraised appraise(History history, Evidence evidence, Policy policy, Instant now) {
    return new Appraiser(history, evidence, policy, now).appraise();
  }

  private Appraised appraise() {
    VerifiedQuote quote;
    boolean rebooted;
    try {
      quote = policy.quotes().verify(evidence.quote(), evidence.nonce(), evidence.asked());
      rebooted = isRebooted(quote);
    } catch (EvidenceException e) {
      findings.add(e.finding());
      return judged(before.judgedAnew());
    }
    boolean changed = !before.revision().equals(policy.revision());
    History known = rebooted || changed ? before.judgedAnew() : before;
    ImaAppraisal ima = new ImaAppraisal(known.ima(), evidence, policy, findings, notChecked);
    if ((rebooted || changed) && isLaterPart()) {
      return askAgain(rebooted ? "the machine rebooted" : "the policy changed");
    }
    if (ima.needsOtherBanks(quote.values())) {
      return askAgain("other banks are quoted than before");
    }
    requirePcrs(quote.values());
    policy.pcrs().ifPresent(pcrs -> findings.addAll(pcrs.judge(quote.values(), policy.bank())));
    BootAppraisal boot = new BootAppraisal(known.boot(), evidence, policy, findings, notChecked);
    Optional<History.Boot> judgedBoot = boot.judge(quote);
    Optional<History.Ima> judgedIma = ima.judge(quote.values(), boot.values(quote));
    Optional<Digest> payloadKey = payloadKey(quote.values(), known.payloadKey());
    judgeLaunches(quote.values());
    if (policy.pcrs().isEmpty()) {
      notChecked.add("PCR values: no PCR policy");
    }
    return judged(
        new History(
            policy.revision(),
            known.attestations() + 1,
            Optional.of(quote.clock()),
            judgedBoot,
            judgedIma,
            payloadKey));
  }

  /** Whether the list is the part that was asked for before it was known that all is needed. */
  private boolean isLaterPart() {
    return before.nextImaEntry() > 0
        && evidence.ima().filter(part -> part.first() == before.nextImaEntry()).isPresent();
  }

  private Appraised askAgain(String reason) {
    History anew = before.judgedAnew();
    return new Appraised.AskAgain(
        new History(policy.revision(), 0, anew.clock(), anew.boot(), anew.ima(), anew.payloadKey()),
        reason);
  }

  private boolean isRebooted(VerifiedQuote quote) {
    if (before.clock().isEmpty()) {
      QuoteClock.requireSafe(quote.clock());
      return false;
    }
    return QuoteClock.compare(before.clock().get(), quote.clock()) == QuoteClock.NEW_BOOT;
  }

  private void requirePcrs(PcrValues values) {
    int missing = policy.requiredPcrs() & ~values.selection().mask(policy.bank());
    for (int pcr = 0; missing >>> pcr != 0; pcr++) {
      if ((missing >>> pcr & 1) == 1) {
        findings.add(
            Code.PCR_MISSING,
            "PCR " + pcr,
            "the policy needs it, the quote does not cover it in bank " + policy.bank().label());
      }
    }
  }

  /**
   * The whole log each time: its PCR starts at zero with the boot and only ever grows, so nothing
   * has to be remembered.
   */
  private void judgeLaunches(PcrValues values) {
    if (policy.launches().isEmpty()) {
      evidence.launchLog().ifPresent(_ -> notChecked.add("launch log: no launch policy"));
      return;
    }
    if (evidence.launchLog().isEmpty()) {
      findings.add(
          Code.LAUNCH_LOG_MISSING,
          "launch log",
          "the policy needs it, the machine did not send it");
      return;
    }
    try {
      LaunchLog log = LaunchLog.verify(evidence.launchLog().get(), values);
      findings.addAll(policy.launches().get().judge(log));
    } catch (EvidenceException e) {
      findings.add(e.finding());
    }
  }

  /** PCR 16 is reset and extended with the hash of the key's PEM for each quote. */
  private Optional<Digest> payloadKey(PcrValues values, Optional<Digest> known) {
    HashAlg bank = policy.bank();
    if (!policy.payloadKeyBound()) {
      return Optional.empty();
    }
    Optional<Digest> key =
        evidence
            .payloadKey()
            .map(pem -> Digest.hash(bank, pem))
            .or(() -> known.filter(digest -> digest.alg() == bank));
    if (key.isEmpty()) {
      findings.add(Code.KEY_NOT_BOUND, "payload key", "it was not sent, and none is known");
      return key;
    }
    Digest expected = Digest.zero(bank).extend(key.get().bytes());
    Optional<Digest> quoted = values.get(bank, PcrPolicy.PAYLOAD_PCR);
    if (quoted.isPresent() && !quoted.get().equals(expected)) {
      findings.add(
          Code.KEY_NOT_BOUND,
          "payload key",
          "PCR 16 is %s; the key makes it %s".formatted(quoted.get(), expected));
    }
    return key;
  }

  /** After a finding nothing is taken for good but the clock, and the key that is known. */
  private Appraised judged(History after) {
    History next = after;
    if (findings.count() > 0) {
      next =
          new History(
              after.revision(),
              0,
              after.clock(),
              Optional.empty(),
              Optional.empty(),
              before.payloadKey());
    }
    Appraisal.Covered covered =
        new Appraisal.Covered(
            after.boot().map(History.Boot::events).orElse(0),
            after.nextImaEntry(),
            after.ima().map(History.Ima::files).orElse(0L));
    return new Appraised.Judged(
        next,
        new Appraisal(
            now, findings.kept(), findings.count(), covered, notChecked, policy.softwareTpm()));
  }
}
