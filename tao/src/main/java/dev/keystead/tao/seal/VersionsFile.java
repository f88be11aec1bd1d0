package dev.keystead.tao.seal;

import dev.keystead.tao.seal.RollbackException.Trouble;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * The table of versions on disk, encrypted under a key of its own: {@code versions}, which is in
 * force when its counter is the TPM's, and {@code versions.new}, which is when that one's is.
 */
final class VersionsFile {
  /** The table in force, unless the next one is. */
  static final String TABLE = "versions";

  /** The next table. */
  static final String NEXT = "versions.new";

  /** "KSV" and the version of the layout. */
  private static final int MAGIC = 0x4b535601;

  private static final int HEAD = 4 + BlobHeader.SALT_SIZE + BlobHeader.NONCE_SIZE;

  private final SecureRandom random = new SecureRandom();
  private final BlobCipher cipher;
  private final Disk disk;

  VersionsFile(SealingRoot root, Disk disk) {
    this.cipher = root.cipher("keystead/versions/1");
    this.disk = disk;
  }

  /** Whether there is such a file, good or not. */
  boolean exists(String name) throws RollbackException {
    return bytes(name).isPresent();
  }

  /** The table in this file, if there is one and this host has written it. */
  Optional<Versions> read(String name) throws RollbackException {
    return bytes(name).flatMap(this::decrypted).flatMap(Versions::parse);
  }

  private Optional<byte[]> bytes(String name) throws RollbackException {
    try {
      return disk.read(name, HEAD + Versions.MAX_SIZE + BlobCipher.TAG_SIZE);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private Optional<byte[]> decrypted(byte[] file) {
    if (file.length < HEAD || ByteBuffer.wrap(file).getInt() != MAGIC) {
      return Optional.empty();
    }
    byte[] salt = Arrays.copyOfRange(file, 4, 4 + BlobHeader.SALT_SIZE);
    byte[] nonce = Arrays.copyOfRange(file, 4 + BlobHeader.SALT_SIZE, HEAD);
    return Optional.ofNullable(cipher.decrypt(salt, nonce, file, HEAD));
  }

  /** Puts the next table where a power cut leaves it whole. */
  void prepare(Versions next) throws RollbackException {
    byte[] salt = new byte[BlobHeader.SALT_SIZE];
    byte[] nonce = new byte[BlobHeader.NONCE_SIZE];
    random.nextBytes(salt);
    random.nextBytes(nonce);
    byte[] table = next.toBytes();
    ByteBuffer file = ByteBuffer.allocate(HEAD + table.length + BlobCipher.TAG_SIZE);
    file.putInt(MAGIC).put(salt).put(nonce);
    cipher.encrypt(salt, nonce, table, file.array(), HEAD);
    try {
      disk.write(NEXT, file.array());
      disk.sync(NEXT);
      disk.syncDirectory();
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** Makes the next table the table, now that the counter vouches for it. */
  void adopt() throws RollbackException {
    try {
      disk.rename(NEXT, TABLE);
      disk.syncDirectory();
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private static RollbackException unreachable(IOException e) {
    return new RollbackException(
        Trouble.UNREACHABLE, "the table of versions: " + e.getMessage(), e);
  }
}
