package dev.keystead.evidence.quote;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmSignature;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/** Checks a TPM's signature with the JCA provider that is first in line for it. */
final class SignatureCheck {
  private SignatureCheck() {}

  /** Throws {@link EvidenceException} with SIGNATURE_INVALID unless the signature is good. */
  static void require(PublicKey key, TpmSignature signature, byte[] message) {
    boolean good;
    try {
      good =
          switch (signature) {
            case TpmSignature.RsaSsa(HashAlg hash, byte[] number) ->
                verify(
                    Signature.getInstance(hash.signatureName() + "withRSA"), key, message, number);
            case TpmSignature.RsaPss(HashAlg hash, byte[] number) ->
                pss((RSAPublicKey) key, hash, message, number);
            case TpmSignature.Ecdsa(HashAlg hash, byte[] r, byte[] s) ->
                verify(
                    Signature.getInstance(hash.signatureName() + "withECDSAinP1363Format"),
                    key,
                    message,
                    pair((ECPublicKey) key, r, s));
          };
    } catch (GeneralSecurityException e) {
      throw invalid("it cannot be checked: " + e.getMessage());
    }
    if (!good) {
      throw invalid("it does not verify with the key");
    }
  }

  /** A TPM's salt is as long as the hash (FIPS 186) or as long as fits; both verify. */
  private static boolean pss(RSAPublicKey key, HashAlg hash, byte[] message, byte[] number)
      throws GeneralSecurityException {
    int encoded = (key.getModulus().bitLength() + 6) / 8;
    int longest = encoded - hash.size() - 2;
    return pss(key, hash, hash.size(), message, number) || pss(key, hash, longest, message, number);
  }

  private static boolean pss(
      RSAPublicKey key, HashAlg hash, int salt, byte[] message, byte[] number)
      throws GeneralSecurityException {
    Signature check = Signature.getInstance("RSASSA-PSS");
    check.setParameter(
        new PSSParameterSpec(
            hash.javaName(), "MGF1", new MGF1ParameterSpec(hash.javaName()), salt, 1));
    return verify(check, key, message, number);
  }

  private static boolean verify(Signature check, PublicKey key, byte[] message, byte[] number)
      throws GeneralSecurityException {
    check.initVerify(key);
    check.update(message);
    try {
      return check.verify(number);
    } catch (SignatureException e) {
      return false;
    }
  }

  private static byte[] pair(ECPublicKey key, byte[] r, byte[] s) {
    int size = (key.getParams().getOrder().bitLength() + 7) / 8;
    byte[] pair = new byte[2 * size];
    place(r, pair, size);
    place(s, pair, 2 * size);
    return pair;
  }

  private static void place(byte[] number, byte[] into, int end) {
    int start = 0;
    while (start < number.length && number[start] == 0) {
      start++;
    }
    int length = number.length - start;
    if (length > into.length / 2) {
      throw invalid("r or s is longer than the curve's order");
    }
    System.arraycopy(number, start, into, end - length, length);
  }

  private static EvidenceException invalid(String detail) {
    return new EvidenceException(Code.SIGNATURE_INVALID, "quote signature", detail);
  }
}
