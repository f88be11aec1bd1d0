package dev.keystead.evidence;

import dev.keystead.evidence.boot.VerifiedBootLog;
import dev.keystead.evidence.quote.VerifiedQuote;
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
}
