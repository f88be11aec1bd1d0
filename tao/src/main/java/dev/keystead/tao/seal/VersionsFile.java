package dev.keystead.tao.seal;

import dev.keystead.tao.seal.RollbackException.Trouble;
import java.io.IOException;
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

  private final Envelope envelope;
  private final Disk disk;

  VersionsFile(SealingRoot root, Disk disk) {
    this.envelope = new Envelope(root, "keystead/versions/1", MAGIC);
    this.disk = disk;
  }

  /** Whether there is such a file, good or not. */
  boolean exists(String name) throws RollbackException {
    return bytes(name).isPresent();
  }

  /** The table in this file, if there is one and this host has written it. */
  Optional<Versions> read(String name) throws RollbackException {
    return bytes(name).flatMap(envelope::unwrap).flatMap(Versions::parse);
  }

  private Optional<byte[]> bytes(String name) throws RollbackException {
    try {
      return disk.read(name, Versions.MAX_SIZE + Envelope.OVERHEAD);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** Puts the next table where a power cut leaves it whole. */
  void prepare(Versions next) throws RollbackException {
    try {
      disk.write(NEXT, envelope.wrap(next.toBytes()));
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
