package dev.keystead.evidence.quote;

import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.ClockInfo;

/** A quote that {@link QuoteVerifier} found good; there is no other way to get one. */
public final class VerifiedQuote {
  private final QuoteKey key;
  private final Attest attest;
  private final PcrValues values;

  VerifiedQuote(QuoteKey key, Attest attest, PcrValues values) {
    this.key = key;
    this.attest = attest;
    this.values = values;
  }

  /** The key that signed it: see {@link QuoteKey} for what that is worth. */
  public QuoteKey key() {
    return key;
  }

  /** All that was signed. */
  public Attest attest() {
    return attest;
  }

  /** The PCR values, which the signature covers. */
  public PcrValues values() {
    return values;
  }

  /** Clock and counters, for {@link QuoteClock}. */
  public ClockInfo clock() {
    return attest.clock();
  }
}
