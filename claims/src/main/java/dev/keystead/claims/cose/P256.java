package dev.keystead.claims.cose;

import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;

/**
 * The curve P-256. Of the two values of s that make an ECDSA signature valid only the smaller is
 * accepted, so that nobody can make a second signature out of one.
 */
public final class P256 {
  private static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
  private static final BigInteger HALF = ORDER.shiftRight(1);
  private static final int SIZE = 32;

  private P256() {}

  /** Whether the key is a point on this curve; the JDK reads keys that are not. */
  public static boolean isPoint(ECPublicKey key) {
    ECParameterSpec parameters = key.getParams();
    if (!parameters.getOrder().equals(ORDER)
        || !(parameters.getCurve().getField() instanceof ECFieldFp field)) {
      return false;
    }
    BigInteger p = field.getP();
    BigInteger x = key.getW().getAffineX();
    BigInteger y = key.getW().getAffineY();
    BigInteger a = parameters.getCurve().getA();
    BigInteger right = x.multiply(x).add(a).multiply(x).add(parameters.getCurve().getB());
    return x.signum() >= 0
        && y.signum() >= 0
        && x.compareTo(p) < 0
        && y.compareTo(p) < 0
        && y.multiply(y).mod(p).equals(right.mod(p));
  }

  static boolean isLow(byte[] signature) {
    return s(signature).compareTo(HALF) <= 0;
  }

  /** The signature, r and s of 32 bytes each, with the smaller s. */
  public static byte[] lower(byte[] signature) {
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
