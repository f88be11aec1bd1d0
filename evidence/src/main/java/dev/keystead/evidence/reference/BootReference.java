package dev.keystead.evidence.reference;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.boot.BootEvent;
import dev.keystead.evidence.boot.VerifiedBootLog;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a good boot measures. The PCR values decide; the events only say what a difference is.
 *
 * @param pcrs at least one value
 * @param events the extended events of these PCRs in the log's order
 */
public record BootReference(PcrValues pcrs, List<ReferenceEvent> events) {
  /** Takes a copy; refuses reference values without a value with POLICY_UNUSABLE. */
  public BootReference {
    events = List.copyOf(events);
    if (pcrs.banks().isEmpty()) {
      throw new EvidenceException(Code.POLICY_UNUSABLE, "reference values", "there is no PCR");
    }
  }

  /** Reference values from a boot that the caller knows to be good: all PCRs that were compared. */
  public static BootReference of(VerifiedBootLog good) {
    SequencedMap<HashAlg, SortedMap<Integer, Digest>> values = new LinkedHashMap<>();
    for (PcrSelection.Bank bank : good.confirmed().banks()) {
      SortedMap<Integer, Digest> pcrs =
          new TreeMap<>(good.quote().values().banks().getOrDefault(bank.alg(), new TreeMap<>()));
      pcrs.keySet().removeIf(pcr -> !bank.contains(pcr));
      values.put(bank.alg(), pcrs);
    }
    PcrValues pcrs = new PcrValues(values);
    return new BootReference(pcrs, eventsOf(good, pcrs));
  }

  /** The PCRs that a quote has to cover. */
  public PcrSelection needed() {
    return pcrs.selection();
  }

  /** Compares values alone, where there is no log: PCR_MISSING and PCR_REFUSED. */
  public List<Finding> compare(VerifiedQuote quote) {
    List<Finding> findings = new ArrayList<>();
    pcrs.banks()
        .forEach((bank, values) ->
            values.forEach((pcr, expected) ->
                compare(bank, pcr, expected, quote.values()).ifPresent(findings::add)));
    return findings;
  }

  /**
   * As {@link #compare(VerifiedQuote)}, before that BOOT_DIFFERS for the first event that differs.
   */
  public List<Finding> compare(VerifiedBootLog boot) {
    List<Finding> findings = compare(boot.quote());
    Set<Integer> differing = new HashSet<>();
    pcrs.banks()
        .forEach((bank, values) ->
            values.forEach((pcr, expected) -> {
              if (boot.quote()
                  .values()
                  .get(bank, pcr)
                  .filter(found -> !found.equals(expected))
                  .isPresent()) {
                differing.add(pcr);
              }
            }));
    firstDifference(eventsOf(boot, pcrs), differing).ifPresent(f -> findings.add(0, f));
    return findings;
  }

  private static Optional<Finding> compare(
      HashAlg bank, int pcr, Digest expected, PcrValues quoted) {
    String where = "PCR %d, %s".formatted(pcr, bank.label());
    Optional<Digest> found = quoted.get(bank, pcr);
    if (found.isEmpty()) {
      return Optional.of(
          new Finding(
              Code.PCR_MISSING, where, "the quote does not cover it; expected " + expected));
    }
    return found
        .filter(value -> !value.equals(expected))
        .map(value ->
            new Finding(
                Code.PCR_REFUSED,
                where,
                "found %s, expected %s".formatted(value.hex(), expected.hex())));
  }

  /**
   * PCRs are compared one by one, for the order of events of different PCRs means nothing; of the
   * first differences of each the one that happened first is named.
   */
  private Optional<Finding> firstDifference(List<ReferenceEvent> found, Set<Integer> differing) {
    record Difference(int number, Finding finding) {}
    List<Difference> differences = new ArrayList<>();
    for (int pcr : differing) {
      List<ReferenceEvent> here = found.stream().filter(e -> e.pcr() == pcr).toList();
      List<ReferenceEvent> there = events.stream().filter(e -> e.pcr() == pcr).toList();
      int same = 0;
      while (same < here.size()
          && same < there.size()
          && here.get(same).digests().equals(there.get(same).digests())) {
        same++;
      }
      if (same < here.size() && same < there.size()) {
        ReferenceEvent event = here.get(same);
        ReferenceEvent expected = there.get(same);
        differences.add(
            new Difference(
                event.number(),
                differs(
                    event,
                    "found %s, expected %s (%s)"
                        .formatted(event.words(), expected.words(), expected.where()))));
      } else if (same < here.size()) {
        ReferenceEvent event = here.get(same);
        differences.add(
            new Difference(
                event.number(),
                differs(event, "found %s, expected no further event".formatted(event.words()))));
      } else if (same < there.size()) {
        ReferenceEvent expected = there.get(same);
        differences.add(
            new Difference(
                expected.number(),
                differs(expected, "it is missing; expected %s".formatted(expected.words()))));
      }
    }
    return differences.stream()
        .min(Comparator.comparingInt(Difference::number))
        .map(Difference::finding);
  }

  private static Finding differs(ReferenceEvent event, String detail) {
    return new Finding(Code.BOOT_DIFFERS, event.where(), detail);
  }

  private static List<ReferenceEvent> eventsOf(VerifiedBootLog boot, PcrValues pcrs) {
    List<ReferenceEvent> events = new ArrayList<>();
    for (BootEvent event : boot.log().events()) {
      boolean wanted =
          pcrs.banks().values().stream().anyMatch(bank -> bank.containsKey(event.pcr()));
      if (event.isExtended() && wanted) {
        events.add(ReferenceEvent.of(event, pcrs.banks().keySet()));
      }
    }
    return events;
  }
}
