package dev.keystead.tao.seal;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-256-GCM under a key of its own for each blob: HKDF-Expand (RFC 5869, SHA-256) of one
 * pseudo-random key over a label and the blob's salt. Safe for several threads: what the JDK's
 * ciphers keep between calls is lent to one call at a time.
 */
final class BlobCipher {
  /** Bytes that the tag adds. */
  static final int TAG_SIZE = 16;

  private static final int TAG_BITS = TAG_SIZE * 8;
  private static final int MAX_IDLE = 64;

  /** What one call uses. */
  private record Engine(Mac kdf, Cipher cipher) {}

  private final SecretKeySpec prk;
  private final byte[] label;
  private final ConcurrentLinkedQueue<Engine> idle = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  BlobCipher(byte[] prk, byte[] label) {
    this.prk = new SecretKeySpec(prk, Hkdf.MAC);
    this.label = label.clone();
  }

  /**
   * The ciphertext and its tag are written to {@code out} behind the first {@code aadSize} bytes.
   */
  void encrypt(byte[] salt, byte[] nonce, byte[] data, byte[] out, int aadSize) {
    try {
      apply(Cipher.ENCRYPT_MODE, salt, nonce, out, aadSize, data, 0, data.length, out, aadSize);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM cannot encrypt", e);
    }
  }

  /**
   * The data behind the first {@code aadSize} bytes of {@code blob}, or null when key, associated
   * data, ciphertext or tag do not belong together.
   */
  byte @Nullable [] decrypt(byte[] salt, byte[] nonce, byte[] blob, int aadSize) {
    int size = blob.length - aadSize;
    if (size < TAG_SIZE) {
      return null;
    }
    byte[] data = new byte[size - TAG_SIZE];
    try {
      apply(Cipher.DECRYPT_MODE, salt, nonce, blob, aadSize, blob, aadSize, size, data, 0);
      return data;
    } catch (AEADBadTagException e) {
      return null;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM cannot decrypt", e);
    }
  }

  private void apply(
      int mode,
      byte[] salt,
      byte[] nonce,
      byte[] aad,
      int aadSize,
      byte[] in,
      int from,
      int size,
      byte[] out,
      int to)
      throws GeneralSecurityException {
    Engine engine = lend();
    byte[] key = Hkdf.expandBlock(engine.kdf, label, salt);
    Cipher cipher = engine.cipher;
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    Arrays.fill(key, (byte) 0);
    cipher.updateAAD(aad, 0, aadSize);
    cipher.doFinal(in, from, size, out, to);
    giveBack(engine);
  }

  private Engine lend() throws GeneralSecurityException {
    Engine engine = idle.poll();
    if (engine != null) {
      count.decrementAndGet();
      return engine;
    }
    Mac kdf = Mac.getInstance(Hkdf.MAC);
    kdf.init(prk);
    return new Engine(kdf, Cipher.getInstance("AES/GCM/NoPadding"));
  }

  /** An engine is given back only after a call that went well: what failed is thrown away. */
  private void giveBack(Engine engine) {
    if (count.incrementAndGet() > MAX_IDLE) {
      count.decrementAndGet();
    } else {
      idle.add(engine);
    }
  }
}
