package dev.keystead.evidence.quote;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.tpm.structure.ClockInfo;

/** Whether a quote comes after the one before it, and in the same boot. */
public enum QuoteClock {
  /** The machine has not booted since: what was verified before still stands. */
  SAME_BOOT,
  /** The TPM was reset since: everything is verified from the beginning. */
  NEW_BOOT;

  /**
   * Requires a clock that is safe. Use alone for a machine's first quote.
   *
   * @throws EvidenceException with CLOCK_REFUSED
   */
  public static void requireSafe(ClockInfo now) {
    if (!now.safe()) {
      throw refused("it is not safe: the TPM lost power and has not saved its clock since");
    }
  }

  /**
   * Compares with the quote before. More resets are a new boot, whatever clock and restarts say: a
   * TPM that lost power may step back, and counts restarts from zero again. Within one boot
   * restarts may not fall and the clock must grow.
   *
   * @throws EvidenceException with CLOCK_REFUSED
   */
  public static QuoteClock compare(ClockInfo before, ClockInfo now) {
    requireSafe(now);
    if (now.resetCount() < before.resetCount()) {
      throw refused(went("resetCount", before.resetCount(), now.resetCount()));
    }
    if (now.resetCount() > before.resetCount()) {
      return NEW_BOOT;
    }
    if (now.restartCount() < before.restartCount()) {
      throw refused(went("restartCount", before.restartCount(), now.restartCount()));
    }
    if (Long.compareUnsigned(now.clock(), before.clock()) <= 0) {
      throw refused(went("clock", before.clock(), now.clock()) + ", which is not later");
    }
    return SAME_BOOT;
  }

  private static String went(String field, long before, long now) {
    return "%s went from %s to %s"
        .formatted(field, Long.toUnsignedString(before), Long.toUnsignedString(now));
  }

  private static EvidenceException refused(String detail) {
    return new EvidenceException(Code.CLOCK_REFUSED, "quote clock", detail);
  }
}
