package dev.keystead.tao;

import dev.keystead.tao.TaoException.Reason;
import java.security.SecureRandom;

/** Random bits as {@link Tao#getEntropy} hands them out. */
public final class Entropy {
  private Entropy() {}

  /**
   * Takes {@code bits} bits.
   *
   * @throws TaoException INVALID for less than none or more than {@link Tao#MAX_ENTROPY_BITS}
   */
  public static byte[] take(SecureRandom random, int bits) throws TaoException {
    if (bits < 0 || bits > Tao.MAX_ENTROPY_BITS) {
      throw new TaoException(Reason.INVALID, bits + " bits of entropy can't be had");
    }
    byte[] bytes = new byte[(bits + 7) / 8];
    random.nextBytes(bytes);
    if (bits % 8 != 0) {
      bytes[0] &= (byte) ((1 << (bits % 8)) - 1);
    }
    return bytes;
  }
}
