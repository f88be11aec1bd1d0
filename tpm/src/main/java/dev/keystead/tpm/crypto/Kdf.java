package dev.keystead.tpm.crypto;

import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** The key derivation functions of TPM 2.0 Part 1, 11.4.10. Labels are given without their NUL. */
public final class Kdf {
  private Kdf() {}

  /** KDFa: SP 800-108 counter mode with HMAC; {@code bits} is a multiple of eight. */
  public static byte[] a(HashAlg alg, byte[] key, String label, byte[] u, byte[] v, int bits) {
    byte[] fixed = new TpmWriter().bytes(label(label)).bytes(u).bytes(v).u32(bits).toBytes();
    byte[] out = new byte[bits / 8];
    for (int i = 0; i * alg.size() < out.length; i++) {
      byte[] block = Hmac.of(alg, key, new TpmWriter().u32(i + 1).toBytes(), fixed);
      fill(out, i * alg.size(), block);
    }
    return out;
  }

  /** KDFe: SP 800-56A concatenation with the x coordinates of a shared and of two public points. */
  public static byte[] e(HashAlg alg, byte[] z, String label, byte[] u, byte[] v, int bits) {
    byte[] out = new byte[bits / 8];
    for (int i = 0; i * alg.size() < out.length; i++) {
      MessageDigest digest = alg.digest();
      digest.update(new TpmWriter().u32(i + 1).toBytes());
      digest.update(z);
      digest.update(label(label));
      digest.update(u);
      digest.update(v);
      fill(out, i * alg.size(), digest.digest());
    }
    return out;
  }

  /** The label's bytes and the NUL that ends it on every use. */
  public static byte[] label(String label) {
    return (label + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  private static void fill(byte[] out, int at, byte[] block) {
    System.arraycopy(block, 0, out, at, Math.min(block.length, out.length - at));
    Arrays.fill(block, (byte) 0);
  }
}
