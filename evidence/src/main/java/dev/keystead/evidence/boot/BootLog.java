package dev.keystead.evidence.boot;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A boot log as a machine sent it. Nothing in it is known to be true until {@link #verify} has
 * compared its replay with a quote.
 *
 * @param banks the hash algorithms of its digests, in the header's order
 * @param events in the order of the log, without the header of the crypto-agile format
 */
public record BootLog(List<HashAlg> banks, List<BootEvent> events) {
  /**
   * The PCRs that firmware and boot loader measure into and that a log is compared with: 0 to 9 and
   * 11 to 15 as a mask. PCR 10 is IMA's, those from 16 on are free for other use.
   */
  public static final int BOOT_PCRS = 0xfbff;

  /** The banks that can be replayed here: Java has no SM3. */
  static final Set<HashAlg> REPLAYABLE = EnumSet.complementOf(EnumSet.of(HashAlg.SM3_256));

  private static final byte[] STARTUP_LOCALITY =
      "StartupLocality\0".getBytes(StandardCharsets.US_ASCII);

  /** Takes copies. */
  public BootLog {
    banks = List.copyOf(banks);
    events = List.copyOf(events);
  }

  /**
   * Parses all of {@code bytes}: the crypto-agile format (Spec ID Event03), or the older one with
   * SHA-1 digests only. Behind the last event there may be nothing but zeros, or nothing but 0xff:
   * the rest of a firmware's buffer.
   *
   * @throws EvidenceException with MALFORMED
   */
  public static BootLog parse(byte[] bytes) {
    return new BootLogParser(bytes).parse();
  }

  /**
   * The values of all PCRs that the log has events for.
   *
   * @throws EvidenceException with MALFORMED when the initial value of PCR 0 is not clear
   */
  public PcrValues replay() {
    return replay(banks);
  }

  private PcrValues replay(Collection<HashAlg> wanted) {
    SequencedMap<HashAlg, SortedMap<Integer, Digest>> values = new LinkedHashMap<>();
    int locality = startupLocality();
    for (HashAlg bank : banks) {
      if (REPLAYABLE.contains(bank) && wanted.contains(bank)) {
        values.put(bank, replay(bank, locality));
      }
    }
    return new PcrValues(values);
  }

  private SortedMap<Integer, Digest> replay(HashAlg bank, int locality) {
    SortedMap<Integer, Digest> pcrs = new TreeMap<>();
    for (BootEvent event : events) {
      Digest digest = event.digests().get(bank);
      if (event.isExtended() && digest != null) {
        int pcr = event.pcr();
        Digest before = pcrs.computeIfAbsent(pcr, p -> initial(bank, p == 0 ? locality : 0));
        pcrs.put(pcr, before.extend(digest.bytes()));
      }
    }
    return pcrs;
  }

  /** What a PCR holds before anything is measured; locality is 0 for all but PCR 0. */
  private static Digest initial(HashAlg bank, int locality) {
    byte[] value = new byte[bank.size()];
    value[value.length - 1] = (byte) locality;
    return Digest.of(bank, value);
  }

  /**
   * The locality that PCR 0 starts with: 4 when a hardware root measured first (H-CRTM), otherwise
   * what the StartupLocality event says, which must come before anything extends PCR 0.
   */
  private int startupLocality() {
    int locality = -1;
    boolean extended = false;
    for (BootEvent event : events) {
      if (event.pcr() != 0) {
        continue;
      }
      if (event.isExtended()) {
        if (!extended && event.is(EventType.EV_EFI_HCRTM_EVENT)) {
          locality = 4;
        }
        extended = true;
      } else if (isStartupLocality(event)) {
        int stated = event.data()[STARTUP_LOCALITY.length];
        if (extended || locality >= 0 || (stated != 0 && stated != 3 && stated != 4)) {
          throw new EvidenceException(
              Code.MALFORMED,
              event.where(),
              "StartupLocality of %d is not clear".formatted(stated));
        }
        locality = stated;
      }
    }
    return Math.max(locality, 0);
  }

  /** Whether the event says with which locality PCR 0 starts; the replay depends on it. */
  public static boolean isStartupLocality(BootEvent event) {
    byte[] data = event.data();
    int length = STARTUP_LOCALITY.length;
    return data.length == length + 1 && Arrays.equals(data, 0, length, STARTUP_LOCALITY, 0, length);
  }

  /**
   * Requires that the replay gives the quoted values of all {@link #BOOT_PCRS} that the quote
   * covers. A PCR without events must have its initial value.
   *
   * @throws EvidenceException with BOOT_LOG_MISMATCH naming the PCRs, or MALFORMED
   */
  public VerifiedBootLog verify(VerifiedQuote quote) {
    return verify(quote, BOOT_PCRS);
  }

  /**
   * As {@link #verify(VerifiedQuote)} for the PCRs of {@code mask} only, where user space is known
   * to measure into others.
   */
  public VerifiedBootLog verify(VerifiedQuote quote, int mask) {
    PcrValues replayed = replay(quote.values().banks().keySet());
    List<String> differing = new ArrayList<>();
    int compared = 0;
    for (var bank : quote.values().banks().entrySet()) {
      for (var quoted : bank.getValue().entrySet()) {
        int pcr = quoted.getKey();
        if ((mask >>> pcr & 1) == 0) {
          continue;
        }
        compared++;
        if (!banks.contains(bank.getKey()) || !REPLAYABLE.contains(bank.getKey())) {
          differing.add("PCR %d: the log has no %s bank".formatted(pcr, bank.getKey().label()));
          continue;
        }
        Digest value = replayed.get(bank.getKey(), pcr).orElseGet(() -> Digest.zero(bank.getKey()));
        if (!value.equals(quoted.getValue())) {
          differing.add(
              "PCR %d: the log gives %s, quoted is %s"
                  .formatted(pcr, value, quoted.getValue().hex()));
        }
      }
    }
    if (compared == 0) {
      differing.add("the quote covers no PCR that the log could be compared with");
    }
    if (!differing.isEmpty()) {
      throw new EvidenceException(Code.BOOT_LOG_MISMATCH, "boot log", String.join("; ", differing));
    }
    return new VerifiedBootLog(this, quote, mask);
  }
}
