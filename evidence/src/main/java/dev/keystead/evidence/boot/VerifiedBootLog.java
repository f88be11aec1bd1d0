package dev.keystead.evidence.boot;

import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.tpm.structure.PcrSelection;
import java.util.ArrayList;
import java.util.List;

/**
 * A boot log whose digests a quote confirms, in the order and number in which they stand; {@link
 * BootLog#verify} is the only way to get one. Types and data are still only as true as {@link
 * BootEvent#covers} says.
 */
public final class VerifiedBootLog {
  private final BootLog log;
  private final VerifiedQuote quote;
  private final int mask;

  VerifiedBootLog(BootLog log, VerifiedQuote quote, int mask) {
    this.log = log;
    this.quote = quote;
    this.mask = mask;
  }

  /** The log. */
  public BootLog log() {
    return log;
  }

  /** The quote that confirms it. */
  public VerifiedQuote quote() {
    return quote;
  }

  /** The PCRs in which the log was compared with the quote. */
  public PcrSelection confirmed() {
    List<PcrSelection.Bank> banks = new ArrayList<>();
    for (PcrSelection.Bank bank : quote.values().selection().banks()) {
      banks.add(new PcrSelection.Bank(bank.alg(), bank.mask() & mask));
    }
    return new PcrSelection(banks);
  }
}
