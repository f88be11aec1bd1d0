package dev.keystead.tpm.structure;

import java.util.Optional;

/** Reads and writes TPMT_PUBLIC. */
final class PublicCodec {
  private PublicCodec() {}

  private record Scheme(int alg, Optional<HashAlg> hash) {}

  static TpmPublic read(TpmReader in) {
    int type = in.u16();
    HashAlg nameAlg = HashAlg.of(in.u16());
    ObjectAttributes attributes = new ObjectAttributes(in.i32());
    byte[] policy = in.sized(64, "authPolicy");
    TpmPublic.Key key =
        switch (type) {
          case TpmPublic.RSA -> rsa(in);
          case TpmPublic.ECC -> ecc(in);
          case TpmPublic.KEYEDHASH -> keyedHash(in);
          default ->
              throw new TpmFormatException("object type 0x%04x is not accepted".formatted(type));
        };
    return new TpmPublic(nameAlg, attributes, policy, key);
  }

  private static TpmPublic.Rsa rsa(TpmReader in) {
    Optional<SymmetricDef> symmetric = symmetric(in);
    Scheme scheme = scheme(in);
    int bits = in.u16();
    long exponent = in.u32();
    byte[] modulus = in.sized(512, "the RSA modulus");
    if (modulus.length != 0 && modulus.length * 8 != bits) {
      throw new TpmFormatException(
          "an RSA modulus of " + modulus.length + " bytes in a key of " + bits + " bits");
    }
    return new TpmPublic.Rsa(symmetric, scheme.alg, scheme.hash, bits, exponent, modulus);
  }

  private static TpmPublic.Ecc ecc(TpmReader in) {
    Optional<SymmetricDef> symmetric = symmetric(in);
    Scheme scheme = scheme(in);
    EccCurve curve = EccCurve.of(in.u16());
    int kdf = in.u16();
    if (kdf != TpmPublic.NULL) {
      throw new TpmFormatException("key derivation 0x%04x is not accepted".formatted(kdf));
    }
    byte[] x = in.sized(curve.size(), "x");
    byte[] y = in.sized(curve.size(), "y");
    return new TpmPublic.Ecc(symmetric, scheme.alg, scheme.hash, curve, x, y);
  }

  private static TpmPublic.KeyedHash keyedHash(TpmReader in) {
    Scheme scheme = scheme(in);
    return new TpmPublic.KeyedHash(scheme.alg, scheme.hash, in.sized(64, "unique"));
  }

  private static Optional<SymmetricDef> symmetric(TpmReader in) {
    int alg = in.u16();
    return alg == TpmPublic.NULL
        ? Optional.empty()
        : Optional.of(SymmetricDef.readAfterAlg(in, alg));
  }

  private static Scheme scheme(TpmReader in) {
    int alg = in.u16();
    return switch (alg) {
      case TpmPublic.NULL, 0x0015 -> new Scheme(alg, Optional.empty());
      case 0x0005, TpmSignature.RSASSA, TpmSignature.RSAPSS, 0x0017, TpmSignature.ECDSA, 0x0019 ->
          new Scheme(alg, Optional.of(HashAlg.of(in.u16())));
      default -> throw new TpmFormatException("key scheme 0x%04x is not accepted".formatted(alg));
    };
  }

  static void write(TpmPublic area, TpmWriter out) {
    int type =
        switch (area.key()) {
          case TpmPublic.Rsa _ -> TpmPublic.RSA;
          case TpmPublic.Ecc _ -> TpmPublic.ECC;
          case TpmPublic.KeyedHash _ -> TpmPublic.KEYEDHASH;
        };
    out.u16(type).u16(area.nameAlg().id()).u32(area.attributes().bits()).sized(area.authPolicy());
    switch (area.key()) {
      case TpmPublic.Rsa rsa -> {
        writeSymmetric(rsa.symmetric(), out);
        writeScheme(rsa.scheme(), rsa.schemeHash(), out);
        out.u16(rsa.bits()).u32(rsa.exponent()).sized(rsa.modulus());
      }
      case TpmPublic.Ecc ecc -> {
        writeSymmetric(ecc.symmetric(), out);
        writeScheme(ecc.scheme(), ecc.schemeHash(), out);
        out.u16(ecc.curve().id()).u16(TpmPublic.NULL).sized(ecc.x()).sized(ecc.y());
      }
      case TpmPublic.KeyedHash hash -> {
        writeScheme(hash.scheme(), hash.schemeHash(), out);
        out.sized(hash.unique());
      }
    }
  }

  private static void writeSymmetric(Optional<SymmetricDef> symmetric, TpmWriter out) {
    symmetric.ifPresentOrElse(def -> def.write(out), () -> out.u16(TpmPublic.NULL));
  }

  private static void writeScheme(int alg, Optional<HashAlg> hash, TpmWriter out) {
    out.u16(alg);
    hash.ifPresent(h -> out.u16(h.id()));
  }
}
