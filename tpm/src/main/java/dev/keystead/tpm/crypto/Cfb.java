package dev.keystead.tpm.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES in CFB mode with full-block feedback, as TPMs use it. */
public final class Cfb {
  /** Bytes of an initialization vector. */
  public static final int IV_SIZE = 16;

  private Cfb() {}

  /** Encrypts. */
  public static byte[] encrypt(byte[] key, byte[] iv, byte[] data) {
    return run(Cipher.ENCRYPT_MODE, key, iv, data);
  }

  /** Decrypts. */
  public static byte[] decrypt(byte[] key, byte[] iv, byte[] data) {
    return run(Cipher.DECRYPT_MODE, key, iv, data);
  }

  private static byte[] run(int mode, byte[] key, byte[] iv, byte[] data) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CFB/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no AES-CFB", e);
    }
  }
}
