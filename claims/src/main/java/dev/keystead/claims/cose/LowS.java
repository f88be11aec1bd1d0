package dev.keystead.claims.cose;

import java.math.BigInteger;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;

/**
 * The lower half of s: of the two values that make an ECDSA signature valid only the smaller is
 * accepted, so that nobody can make a second signature out of one.
 */
public final class LowS {
  private static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
  private static final BigInteger HALF = ORDER.shiftRight(1);
  private static final int SIZE = 32;

  private LowS() {}

  static boolean isP256(ECParameterSpec curve) {
    return curve != null
        && curve.getOrder().equals(ORDER)
        && curve.getCurve().getField().getFieldSize() == 8 * SIZE;
  }

  static boolean holds(byte[] signature) {
    return s(signature).compareTo(HALF) <= 0;
  }

  /** The signature, r and s of 32 bytes each, with the smaller s. */
  public static byte[] make(byte[] signature) {
    BigInteger s = s(signature);
    if (s.compareTo(HALF) <= 0) {
      return signature;
    }
    byte[] low = ORDER.subtract(s).toByteArray();
    byte[] result = Arrays.copyOf(Arrays.copyOf(signature, SIZE), 2 * SIZE);
    int from = Math.max(0, low.length - SIZE);
    System.arraycopy(low, from, result, 2 * SIZE - (low.length - from), low.length - from);
    return result;
  }

  private static BigInteger s(byte[] signature) {
    return new BigInteger(1, signature, SIZE, SIZE);
  }
}
