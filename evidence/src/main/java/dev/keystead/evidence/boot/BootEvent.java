package dev.keystead.evidence.boot;

import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.util.Arrays;
import java.util.Map;

/**
 * One event of a boot log. Only the digests were extended into the PCR: type and data are what the
 * log says about them, true as far as {@link #covers} says.
 *
 * @param number its place in the log, counted from 0; a header is number 0
 * @param pcr 0 to 23
 * @param typeId the number of its type, see {@link EventType}
 * @param digests one of each bank of the log
 * @param data what was measured, or a hint at it
 */
public record BootEvent(
    int number, int pcr, int typeId, Map<HashAlg, Digest> digests, byte[] data) {
  /** Takes the digests as an immutable map. */
  public BootEvent {
    digests = Map.copyOf(digests);
  }

  /** Whether it says that it is of this type. */
  public boolean is(EventType type) {
    return typeId == type.id();
  }

  /** Whether a PCR was extended with it. */
  public boolean isExtended() {
    return !is(EventType.EV_NO_ACTION);
  }

  /**
   * Whether every digest is that of {@code content}, so that this is what was measured. Digests
   * that Java cannot make (SM3) are left out; with nothing else it is not covered.
   */
  public boolean covers(byte[] content) {
    int checked = 0;
    for (Map.Entry<HashAlg, Digest> digest : digests.entrySet()) {
      if (BootLog.REPLAYABLE.contains(digest.getKey())) {
        checked++;
        if (!Digest.hash(digest.getKey(), content).equals(digest.getValue())) {
          return false;
        }
      }
    }
    return checked > 0;
  }

  /** Whether every digest is that of the whole event data. */
  public boolean coversData() {
    return covers(data);
  }

  /** As {@link #covers} for the data without its last {@code count} bytes. */
  boolean coversDataWithoutLast(int count) {
    return data.length >= count && covers(Arrays.copyOf(data, data.length - count));
  }

  /** {@code event 12, PCR 4, EV_EFI_ACTION}. */
  public String where() {
    return "boot event %d, PCR %d, %s".formatted(number, pcr, EventType.label(typeId));
  }

  /** What the event says, for people: see {@link EventText}. */
  public String text() {
    return EventText.of(this);
  }
}
