package dev.keystead.evidence;

import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.ima.BootAggregate;
import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaField;
import dev.keystead.evidence.ima.ImaReader;
import dev.keystead.evidence.ima.ImaReplay;
import dev.keystead.evidence.ima.ImaState;
import dev.keystead.evidence.ima.Keyring;
import dev.keystead.evidence.policy.ImaJudge;
import dev.keystead.evidence.policy.RuntimePolicy;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges one part of a measurement list in one pass: replays it up to the quoted PCR 10, judges
 * every entry, those behind the match too, and remembers only what the quote covers.
 */
final class ImaAppraisal {
  private static final String LIST = "IMA list";

  private final Optional<History.Ima> known;
  private final Evidence evidence;
  private final Policy policy;
  private final Findings findings;
  private final List<String> notChecked;
  private long files;
  private long others;

  ImaAppraisal(
      Optional<History.Ima> known,
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

  /** Whether the part goes on from a replay that lacks a bank that is quoted now. */
  boolean needsOtherBanks(PcrValues quoted) {
    return known.isPresent()
        && evidence.ima().isPresent()
        && evidence.ima().get().first() > 0
        && !known.get().state().pcr10().keySet().equals(pcr10(quoted).keySet());
  }

  Optional<History.Ima> judge(PcrValues quoted, PcrValues bootPcrs) {
    if (policy.files().isEmpty()) {
      notChecked.add("files: no runtime policy");
    }
    Map<HashAlg, Digest> target = pcr10(quoted);
    if (evidence.ima().isEmpty()) {
      requireList();
      return Optional.empty();
    }
    if (target.isEmpty()) {
      notChecked.add("measurement list: PCR 10 is not quoted");
      return Optional.empty();
    }
    Evidence.ImaPart part = evidence.ima().get();
    Optional<ImaState> from = known.map(History.Ima::state);
    boolean goesOn = from.isPresent() && part.first() == from.get().entries();
    if (!goesOn && part.first() > 0) {
      findings.add(
          Code.IMA_LIST_CHANGED,
          LIST,
          "it starts at entry %d, asked for was %d"
              .formatted(part.first(), from.map(ImaState::entries).orElse(0L)));
      return Optional.empty();
    }
    if (part.first() == 0 && part.entries().length == 0) {
      requireList();
      return Optional.empty();
    }
    if (goesOn) {
      files = known.orElseThrow().files();
      others = known.orElseThrow().others();
    }
    ImaReplay replay = new ImaReplay(goesOn ? from.orElseThrow() : ImaState.start(target.keySet()));
    return replay(part, replay, target, bootPcrs, goesOn);
  }

  private void requireList() {
    if (policy.files().isPresent()) {
      findings.add(
          Code.IMA_LIST_MISSING, LIST, "there is a policy for files and nothing to judge by it");
    }
  }

  private Optional<History.Ima> replay(
      Evidence.ImaPart part,
      ImaReplay replay,
      Map<HashAlg, Digest> target,
      PcrValues bootPcrs,
      boolean goesOn) {
    Keyring learned = goesOn ? known.orElseThrow().learned() : Keyring.EMPTY;
    Optional<ImaJudge> judge = policy.files().map(files -> new ImaJudge(files, learned, bootPcrs));
    long judgedBefore = nextEntry();
    Optional<History.Ima> covered = Optional.empty();
    long ahead = 0;
    try {
      ImaReader reader =
          ImaReader.of(
              part.entries(),
              part.first(),
              policy.files().map(RuntimePolicy::templateHash).orElse(HashAlg.SHA1));
      while (true) {
        if (covered.isEmpty() && replay.entries() >= judgedBefore) {
          if (replay.entries() == judgedBefore && !keepsThePast(replay)) {
            return Optional.empty();
          }
          if (replay.isAt(target)) {
            covered = Optional.of(snapshot(replay, judge));
          }
        }
        Optional<ImaEntry> entry = reader.next();
        if (entry.isEmpty()) {
          break;
        }
        if (covered.isPresent()) {
          ahead++;
        } else {
          replay.extend(entry.get());
        }
        judge(judge, entry.get());
      }
    } catch (EvidenceException e) {
      findings.add(e.finding());
      return Optional.empty();
    }
    if (replay.entries() < judgedBefore) {
      findings.add(
          Code.IMA_LIST_CHANGED,
          LIST,
          "it has %d entries; %d were judged before".formatted(replay.entries(), judgedBefore));
      return Optional.empty();
    }
    if (covered.isEmpty()) {
      findings.add(Code.IMA_LIST_MISMATCH, LIST, mismatch(replay, target));
      return covered;
    }
    requireProgress(covered.get());
    requireFiles(covered.get());
    History.Ima c = covered.get();
    return Optional.of(new History.Ima(c.state(), ahead, c.files(), c.others(), c.learned()));
  }

  private long nextEntry() {
    return known.map(k -> k.state().entries()).orElse(0L);
  }

  /** A list that is sent anew from its first entry must be the one that was judged before. */
  private boolean keepsThePast(ImaReplay replay) {
    Map<HashAlg, Digest> past = known.map(k -> k.state().pcr10()).orElse(Map.of());
    boolean same =
        replay.state().pcr10().entrySet().stream()
            .allMatch(
                now -> now.getValue().equals(past.getOrDefault(now.getKey(), now.getValue())));
    if (nextEntry() == 0 || same) {
      return true;
    }
    findings.add(
        Code.IMA_LIST_CHANGED,
        LIST,
        "its first %d entries are not those that were judged before".formatted(nextEntry()));
    return false;
  }

  private History.Ima snapshot(ImaReplay replay, Optional<ImaJudge> judge) {
    Keyring learned = judge.map(ImaJudge::learned).orElse(Keyring.EMPTY);
    return new History.Ima(replay.state(), 0, files, others, learned);
  }

  private void judge(Optional<ImaJudge> judge, ImaEntry entry) {
    try {
      if (judge.isEmpty()) {
        ImaJudge.requireWhole(entry);
        if (entry.isViolation()) {
          throw ImaJudge.violation(entry);
        }
        count(entry);
        return;
      }
      switch (judge.get().judge(entry)) {
        case FILE, EXCLUDED, TOLERATED -> files++;
        case BUFFER -> others++;
        case BOOT_AGGREGATE -> {}
      }
    } catch (EvidenceException e) {
      others++;
      findings.add(e.finding());
    }
  }

  private void count(ImaEntry entry) {
    if (entry.bytes(ImaField.BUF).isPresent()) {
      others++;
    } else if (!entry.name().equals(BootAggregate.NAME)) {
      files++;
    }
  }

  private static String mismatch(ImaReplay replay, Map<HashAlg, Digest> target) {
    return "after none of its %d entries is PCR 10 as quoted, %s; at its end it is %s"
        .formatted(replay.entries(), target.values(), replay.state().pcr10().values());
  }

  /** What was shown before must be covered now: the kernel extends the PCR with each entry. */
  private void requireProgress(History.Ima covered) {
    long shown = known.map(History.Ima::ahead).orElse(0L);
    long more = covered.state().entries() - nextEntry();
    if (more < shown) {
      findings.add(
          Code.IMA_LIST_CHANGED,
          LIST,
          "%d entries more were shown with the quote before, and this one covers only %d of them"
              .formatted(shown, more));
    }
  }

  private void requireFiles(History.Ima covered) {
    if (policy.files().isPresent() && covered.files() + covered.others() == 0) {
      findings.add(
          Code.IMA_COVERS_NOTHING, LIST, "the quote covers no entry of it but boot_aggregate");
    }
  }

  private static Map<HashAlg, Digest> pcr10(PcrValues quoted) {
    Map<HashAlg, Digest> values = new EnumMap<>(HashAlg.class);
    quoted
        .banks()
        .keySet()
        .forEach(
            bank -> quoted.get(bank, ImaReplay.PCR).ifPresent(value -> values.put(bank, value)));
    return values;
  }
}
