package dev.keystead.control.ledger;

import java.util.HexFormat;

/**
 * The newest entry's place and hash. Whoever keeps a head elsewhere can tell later whether the
 * ledger still contains it: a ledger that lost its end is otherwise whole.
 *
 * @param seq 0 while the ledger is empty
 * @param hash 32 bytes
 */
public record Head(long seq, byte[] hash) {
  /** The head of an empty ledger. */
  public static final Head EMPTY = new Head(0, new byte[32]);

  @Override
  public String toString() {
    return seq + ":" + HexFormat.of().formatHex(hash);
  }
}
