package dev.keystead.tpm.structure;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;

/** Turns a TPM's public fields into JCA keys, after checking that they are keys at all. */
final class PublicKeys {
  private PublicKeys() {}

  static PublicKey of(TpmPublic.Key key) {
    try {
      return switch (key) {
        case TpmPublic.Rsa rsa -> rsa(rsa);
        case TpmPublic.Ecc ecc -> ecc(ecc);
        case TpmPublic.KeyedHash _ ->
            throw new TpmFormatException("a keyed-hash object has no public key");
      };
    } catch (GeneralSecurityException e) {
      throw new TpmFormatException("the key is not usable: " + e.getMessage());
    }
  }

  private static PublicKey rsa(TpmPublic.Rsa rsa) throws GeneralSecurityException {
    BigInteger modulus = new BigInteger(1, rsa.modulus());
    if (rsa.modulus().length * 8 != rsa.bits() || modulus.bitLength() != rsa.bits()) {
      throw new TpmFormatException("the RSA modulus does not have its " + rsa.bits() + " bits");
    }
    if (!modulus.testBit(0)) {
      throw new TpmFormatException("the RSA modulus is even");
    }
    long exponent = rsa.exponent() == 0 ? 65537 : rsa.exponent();
    if (exponent < 65537 || (exponent & 1) == 0) {
      throw new TpmFormatException("an RSA exponent of " + exponent + " is not accepted");
    }
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(exponent)));
  }

  private static PublicKey ecc(TpmPublic.Ecc ecc) throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(ecc.curve().javaName()));
    ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
    BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
    BigInteger x = new BigInteger(1, ecc.x());
    BigInteger y = new BigInteger(1, ecc.y());
    BigInteger right =
        x.multiply(x).add(curve.getCurve().getA()).multiply(x).add(curve.getCurve().getB()).mod(p);
    if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !y.multiply(y).mod(p).equals(right)) {
      throw new TpmFormatException("the point is not on " + ecc.curve());
    }
    return KeyFactory.getInstance("EC")
        .generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve));
  }
}
