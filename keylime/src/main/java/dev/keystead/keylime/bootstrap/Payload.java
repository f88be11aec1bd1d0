package dev.keystead.keylime.bootstrap;

import dev.keystead.keylime.WireException;
import dev.keystead.keylime.WireException.Reason;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The encrypted payload: AES-GCM with a 16-byte IV, laid out IV, ciphertext, 16-byte tag. */
public record Payload(byte[] bytes) {
  /** Most bytes of an encrypted payload: 1 MiB. */
  public static final int MAX_SIZE = 1 << 20;

  /** Most bytes of a payload in clear. */
  public static final int MAX_PLAIN = MAX_SIZE - 32;

  private static final int IV = 16;
  private static final int TAG = 16;

  /** Checks the size. */
  public Payload {
    if (bytes.length < IV + TAG || bytes.length > MAX_SIZE) {
      throw WireException.malformed(
          "payload", "has %d bytes, 32 to %d can be".formatted(bytes.length, MAX_SIZE));
    }
  }

  /** Encrypts {@code plain}, at most {@link #MAX_PLAIN} bytes, with a fresh IV. */
  public static Payload encrypt(BootstrapKey key, byte[] plain, SecureRandom random) {
    if (plain.length > MAX_PLAIN) {
      throw WireException.malformed(
          "payload", "has %d bytes, at most %d can be".formatted(plain.length, MAX_PLAIN));
    }
    byte[] iv = new byte[IV];
    random.nextBytes(iv);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, iv);
      byte[] out = Arrays.copyOf(iv, IV + plain.length + TAG);
      cipher.doFinal(plain, 0, plain.length, out, IV);
      return new Payload(out);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no AES-GCM", e);
    }
  }

  /** Decrypts; a wrong key and changed bytes throw alike. */
  public byte[] decrypt(BootstrapKey key) {
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(bytes, IV));
      return cipher.doFinal(bytes, IV, bytes.length - IV);
    } catch (GeneralSecurityException e) {
      throw new WireException(
          Reason.NOT_AUTHENTIC, "payload: does not decrypt with the bootstrap key");
    }
  }

  private static Cipher cipher(int mode, BootstrapKey key, byte[] iv)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key.open(), "AES"), new GCMParameterSpec(TAG * 8, iv));
    return cipher;
  }
}
