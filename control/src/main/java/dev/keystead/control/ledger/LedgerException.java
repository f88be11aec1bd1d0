package dev.keystead.control.ledger;

/** The ledger is not the one that was written. */
public final class LedgerException extends RuntimeException {
  private final long seq;

  LedgerException(long seq, String what) {
    super("ledger entry " + seq + ": " + what);
    this.seq = seq;
  }

  /** The first entry that is wrong, or that is missing. */
  public long seq() {
    return seq;
  }
}
