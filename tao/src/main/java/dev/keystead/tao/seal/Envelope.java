package dev.keystead.tao.seal;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * Encrypts a host's own files: four bytes that say which layout it is, salt, nonce, and the
 * ciphertext with its tag. A file of one purpose is none of another.
 */
final class Envelope {
  private static final int HEAD = 4 + BlobHeader.SALT_SIZE + BlobHeader.NONCE_SIZE;

  /** Bytes that it adds. */
  static final int OVERHEAD = HEAD + BlobCipher.TAG_SIZE;

  private final SecureRandom random = new SecureRandom();
  private final BlobCipher cipher;
  private final int magic;

  Envelope(SealingRoot root, String purpose, int magic) {
    this.cipher = root.cipher(purpose);
    this.magic = magic;
  }

  byte[] wrap(byte[] data) {
    byte[] salt = new byte[BlobHeader.SALT_SIZE];
    byte[] nonce = new byte[BlobHeader.NONCE_SIZE];
    random.nextBytes(salt);
    random.nextBytes(nonce);
    byte[] file = new byte[data.length + OVERHEAD];
    ByteBuffer.wrap(file).putInt(magic).put(salt).put(nonce);
    cipher.encrypt(salt, nonce, data, file, HEAD);
    return file;
  }

  /** The data, if this host has wrapped it for this purpose. */
  Optional<byte[]> unwrap(byte[] file) {
    if (file.length < HEAD || ByteBuffer.wrap(file).getInt() != magic) {
      return Optional.empty();
    }
    byte[] salt = Arrays.copyOfRange(file, 4, 4 + BlobHeader.SALT_SIZE);
    byte[] nonce = Arrays.copyOfRange(file, 4 + BlobHeader.SALT_SIZE, HEAD);
    return Optional.ofNullable(cipher.decrypt(salt, nonce, file, HEAD));
  }
}
