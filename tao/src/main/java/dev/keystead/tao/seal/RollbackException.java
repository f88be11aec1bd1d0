package dev.keystead.tao.seal;

import dev.keystead.tao.TaoException;

/**
 * Nothing fresh can be sealed or unsealed on this host: its table of versions and its counter do
 * not belong together, or one of them can't be reached. Programs see UNAVAILABLE.
 */
public final class RollbackException extends TaoException {
  /** What is wrong, for the operator. */
  public enum Trouble {
    /** There is no table: it was deleted, or never made. */
    TABLE_MISSING,
    /** The table is not one that this host has written, or it was changed. */
    TABLE_INVALID,
    /** The table is older than the counter: an old disk was put back. */
    TABLE_OLD,
    /** The table is newer than the counter: an old TPM was put back, or another one. */
    COUNTER_OLD,
    /** The TPM has started less often, or its clock is earlier, than the table says: a copy. */
    TPM_COPIED,
    /** There is no counter: the TPM was cleared, or the index was removed. */
    COUNTER_MISSING,
    /** The counter is not the one that this host has made. */
    COUNTER_FOREIGN,
    /** The counter can't count any further. */
    COUNTER_EXHAUSTED,
    /** Disk or TPM can't be reached. */
    UNREACHABLE,
    /** The owner's order to start anew is not for this host in this state. */
    ORDER_REFUSED
  }

  private final Trouble trouble;

  /** States what is wrong. */
  public RollbackException(Trouble trouble, String message) {
    super(Reason.UNAVAILABLE, message);
    this.trouble = trouble;
  }

  /** States what is wrong because of {@code cause}. */
  public RollbackException(Trouble trouble, String message, Throwable cause) {
    super(Reason.UNAVAILABLE, message, cause);
    this.trouble = trouble;
  }

  /** What is wrong. */
  public Trouble trouble() {
    return trouble;
  }
}
