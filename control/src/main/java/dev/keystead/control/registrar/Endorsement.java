package dev.keystead.control.registrar;

import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.EkTemplate;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.stream.Stream;

/** Endorsement keys: made from one of the TCG's templates, or not accepted. */
final class Endorsement {
  private Endorsement() {}

  /** The key, when it has everything but the unique field from a template and is a key at all. */
  static PublicKey require(TpmPublic ek) {
    if (Stream.of(EkTemplate.values()).noneMatch(template -> isFrom(template.area(), ek))) {
      throw Identity.mismatch("it is not made from a standard template");
    }
    try {
      return ek.toPublicKey();
    } catch (TpmFormatException e) {
      throw Identity.mismatch(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isFrom(TpmPublic template, TpmPublic ek) {
    return template.nameAlg() == ek.nameAlg()
        && template.attributes().equals(ek.attributes())
        && Arrays.equals(template.authPolicy(), ek.authPolicy())
        && Arrays.equals(withoutUnique(template).toBytes(), withoutUnique(ek).toBytes());
  }

  private static TpmPublic withoutUnique(TpmPublic area) {
    byte[] none = new byte[0];
    TpmPublic.Key key =
        switch (area.key()) {
          case TpmPublic.Rsa rsa ->
              new TpmPublic.Rsa(
                  rsa.symmetric(),
                  rsa.scheme(),
                  rsa.schemeHash(),
                  rsa.bits(),
                  rsa.exponent(),
                  none);
          case TpmPublic.Ecc ecc ->
              new TpmPublic.Ecc(
                  ecc.symmetric(), ecc.scheme(), ecc.schemeHash(), ecc.curve(), none, none);
          case TpmPublic.KeyedHash other -> other;
        };
    return new TpmPublic(area.nameAlg(), area.attributes(), area.authPolicy(), key);
  }

  /** The area of a certified key as the default template of its kind makes it. */
  static TpmPublic ofStandardTemplate(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa when rsa.getModulus().bitLength() == 2048 ->
          rsa(EkTemplate.L1_RSA_2048, rsa);
      case RSAPublicKey rsa when rsa.getModulus().bitLength() == 3072 ->
          rsa(EkTemplate.H6_RSA_3072, rsa);
      case ECPublicKey ecc when fieldSize(ecc) == 256 -> ecc(EkTemplate.L2_ECC_P256, ecc);
      case ECPublicKey ecc when fieldSize(ecc) == 384 -> ecc(EkTemplate.H3_ECC_P384, ecc);
      default -> throw Identity.mismatch("its certificate is about a key of no standard template");
    };
  }

  private static TpmPublic rsa(EkTemplate template, RSAPublicKey key) {
    if (!(template.area().key() instanceof TpmPublic.Rsa rsa)
        || !key.getPublicExponent().equals(BigInteger.valueOf(65537))) {
      throw Identity.mismatch("its certificate is about a key with an odd exponent");
    }
    return with(
        template.area(),
        new TpmPublic.Rsa(
            rsa.symmetric(),
            rsa.scheme(),
            rsa.schemeHash(),
            rsa.bits(),
            rsa.exponent(),
            fixed(key.getModulus(), rsa.bits() / 8)));
  }

  private static TpmPublic ecc(EkTemplate template, ECPublicKey key) {
    if (!(template.area().key() instanceof TpmPublic.Ecc ecc)) {
      throw Identity.mismatch("its certificate is about a key of another kind");
    }
    int size = ecc.curve().size();
    return with(
        template.area(),
        new TpmPublic.Ecc(
            ecc.symmetric(),
            ecc.scheme(),
            ecc.schemeHash(),
            ecc.curve(),
            fixed(key.getW().getAffineX(), size),
            fixed(key.getW().getAffineY(), size)));
  }

  private static TpmPublic with(TpmPublic area, TpmPublic.Key key) {
    return new TpmPublic(area.nameAlg(), area.attributes(), area.authPolicy(), key);
  }

  private static int fieldSize(ECPublicKey key) {
    return key.getParams().getCurve().getField().getFieldSize();
  }

  private static byte[] fixed(BigInteger number, int size) {
    byte[] bytes = number.toByteArray();
    byte[] out = new byte[size];
    int skip = Math.max(0, bytes.length - size);
    System.arraycopy(bytes, skip, out, size - bytes.length + skip, bytes.length - skip);
    return out;
  }
}
