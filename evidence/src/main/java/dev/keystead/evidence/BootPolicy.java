package dev.keystead.evidence;

import dev.keystead.evidence.boot.VerifiedBootLog;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.evidence.reference.BootReference;
import dev.keystead.evidence.refstate.Refstate;
import dev.keystead.tpm.structure.PcrSelection;
import java.util.List;
import java.util.Optional;

/** What a boot is compared with. */
public interface BootPolicy {
  /** The PCRs that a quote must cover and a log must replay to: bit i is PCR i. */
  int pcrMask();

  /** Whether there is nothing to compare without a boot log. */
  boolean needsLog();

  /**
   * Everything about the boot that is not as it should be.
   *
   * @param log present when there is a log that replays to the quote; always when {@link #needsLog}
   */
  List<Finding> judge(VerifiedQuote quote, Optional<VerifiedBootLog> log);

  /** Compares with reference values; without a log only the PCRs are compared. */
  static BootPolicy of(BootReference reference) {
    return new BootPolicy() {
      @Override
      public int pcrMask() {
        return reference.needed().banks().stream()
            .mapToInt(PcrSelection.Bank::mask)
            .reduce(0, (a, b) -> a | b);
      }

      @Override
      public boolean needsLog() {
        return false;
      }

      @Override
      public List<Finding> judge(VerifiedQuote quote, Optional<VerifiedBootLog> log) {
        return log.map(reference::compare).orElseGet(() -> reference.compare(quote));
      }
    };
  }

  /** Checks the events of the log as Keylime's example policy does. */
  static BootPolicy of(Refstate refstate) {
    return new BootPolicy() {
      @Override
      public int pcrMask() {
        return Refstate.RELEVANT_PCRS;
      }

      @Override
      public boolean needsLog() {
        return true;
      }

      @Override
      public List<Finding> judge(VerifiedQuote quote, Optional<VerifiedBootLog> log) {
        return refstate.check(log.orElseThrow());
      }
    };
  }
}
