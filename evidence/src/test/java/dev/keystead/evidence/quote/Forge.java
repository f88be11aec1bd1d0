package dev.keystead.evidence.quote;

import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.ClockInfo;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.ObjectAttributes;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.structure.TpmWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Makes what no TPM would make, with real keys. */
public final class Forge {
  /** The attributes of a good attestation key. */
  public static final int AK =
      ObjectAttributes.RESTRICTED
          | ObjectAttributes.SIGN
          | ObjectAttributes.FIXED_TPM
          | ObjectAttributes.FIXED_PARENT
          | ObjectAttributes.SENSITIVE_DATA_ORIGIN
          | ObjectAttributes.USER_WITH_AUTH;

  /** The clock of every forged quote. */
  public static final ClockInfo CLOCK = new ClockInfo(1000, 5, 0, true);

  /** A nonce. */
  static final byte[] NONCE = {1, 2, 3, 4, 5, 6, 7, 8};

  /** A copy of the nonce. */
  public static byte[] nonce() {
    return NONCE.clone();
  }

  /** PCR 0 and 7 of the SHA-256 bank. */
  public static final PcrValues VALUES =
      PcrValues.of(
          HashAlg.SHA256,
          Map.of(
              0, Digest.hash(HashAlg.SHA256, new byte[] {0}),
              7, Digest.hash(HashAlg.SHA256, new byte[] {7})));

  private static final KeyPair EC = pair("EC", new ECGenParameterSpec("secp256r1"));
  private static final KeyPair RSA =
      pair("RSA", new java.security.spec.RSAKeyGenParameterSpec(2048, BigInteger.valueOf(65537)));

  private Forge() {}

  private static KeyPair pair(String type, java.security.spec.AlgorithmParameterSpec spec) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
      generator.initialize(spec);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The public area of the P-256 key with these attributes and this hash. */
  public static TpmPublic ecc(int attributes, HashAlg nameAlg, int scheme, Optional<HashAlg> hash) {
    ECPublicKey key = (ECPublicKey) EC.getPublic();
    return new TpmPublic(
        nameAlg,
        new ObjectAttributes(attributes),
        new byte[0],
        new TpmPublic.Ecc(
            Optional.empty(),
            scheme,
            hash,
            EccCurve.P256,
            fixed(key.getW().getAffineX(), 32),
            fixed(key.getW().getAffineY(), 32)));
  }

  /** The P-256 key as a good attestation key. */
  public static AttestationKey ecc() {
    return AttestationKey.of(
        ecc(AK, HashAlg.SHA256, TpmSignature.ECDSA, Optional.of(HashAlg.SHA256)));
  }

  /** The RSA key as a good attestation key of this scheme. */
  public static AttestationKey rsa(int scheme) {
    byte[] modulus = fixed(((RSAPublicKey) RSA.getPublic()).getModulus(), 256);
    return AttestationKey.of(
        new TpmPublic(
            HashAlg.SHA256,
            new ObjectAttributes(AK),
            new byte[0],
            new TpmPublic.Rsa(
                Optional.empty(), scheme, Optional.of(HashAlg.SHA256), 2048, 0, modulus)));
  }

  /** TPMS_ATTEST of a quote over {@link #VALUES}. */
  public static byte[] quote(PcrSelection selection, byte[] digest) {
    TpmWriter out = attest(0x8018);
    selection.write(out);
    return out.sized(digest).toBytes();
  }

  /** TPMS_ATTEST as far as the attested part. */
  public static TpmWriter attest(int type) {
    TpmWriter out = new TpmWriter().u32(Attest.MAGIC).u16(type);
    out.sized(TpmName.ofPublic(HashAlg.SHA256, new byte[1]).bytes()).sized(NONCE);
    CLOCK.write(out);
    return out.u64(1);
  }

  /** A good quote's bytes. */
  public static byte[] good() {
    return quote(VALUES.selection(), VALUES.pcrDigest(HashAlg.SHA256));
  }

  /** Signs with the P-256 key. */
  public static TpmSignature ecdsa(HashAlg hash, byte[] message) {
    byte[] pair =
        sign(hash.signatureName() + "withECDSAinP1363Format", EC, Optional.empty(), message);
    return new TpmSignature.Ecdsa(hash, Arrays.copyOf(pair, 32), Arrays.copyOfRange(pair, 32, 64));
  }

  /** Signs with the RSA key and a salt of this length. */
  public static TpmSignature pss(int salt, byte[] message) {
    PSSParameterSpec spec =
        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, salt, 1);
    return new TpmSignature.RsaPss(
        HashAlg.SHA256, sign("RSASSA-PSS", RSA, Optional.of(spec), message));
  }

  private static byte[] sign(
      String algorithm, KeyPair keys, Optional<PSSParameterSpec> spec, byte[] message) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      if (spec.isPresent()) {
        signature.setParameter(spec.get());
      }
      signature.initSign(keys.getPrivate());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] fixed(BigInteger number, int size) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[size];
    int length = Math.min(size, bytes.length);
    System.arraycopy(bytes, bytes.length - length, fixed, size - length, length);
    return fixed;
  }
}
