package dev.keystead.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmSignature;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;

/** Checks a TPM's signatures with the JDK. */
final class Signatures {
  private Signatures() {}

  static void verify(TpmPublic key, byte[] message, TpmSignature signature)
      throws GeneralSecurityException {
    HashAlg hash = signature.hash();
    Signature verifier;
    byte[] bytes;
    switch (signature) {
      case TpmSignature.RsaSsa(HashAlg _, byte[] value) -> {
        verifier = Signature.getInstance(hash.signatureName() + "withRSA");
        bytes = value;
      }
      case TpmSignature.RsaPss(HashAlg _, byte[] value) -> {
        verifier = Signature.getInstance("RSASSA-PSS");
        verifier.setParameter(
            new PSSParameterSpec(
                hash.javaName(), "MGF1", new MGF1ParameterSpec(hash.javaName()), hash.size(), 1));
        bytes = value;
      }
      case TpmSignature.Ecdsa(HashAlg _, byte[] r, byte[] s) -> {
        verifier = Signature.getInstance(hash.signatureName() + "withECDSAinP1363Format");
        EccCurve curve = ((TpmPublic.Ecc) key.key()).curve();
        bytes = Arrays.copyOf(fixed(r, curve.size()), 2 * curve.size());
        System.arraycopy(fixed(s, curve.size()), 0, bytes, curve.size(), curve.size());
      }
    }
    verifier.initVerify(key.toPublicKey());
    verifier.update(message);
    assertThat(verifier.verify(bytes)).isTrue();
  }

  private static byte[] fixed(byte[] number, int size) {
    byte[] out = new byte[size];
    System.arraycopy(number, 0, out, size - number.length, number.length);
    return out;
  }
}
