package dev.keystead.tpm.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * State in a directory (0700), a file (0600) per piece. A save replaces the file atomically and
 * reaches the disk before it returns, so the TPM survives the sudden end of the process. A lock
 * keeps a second process from using the same TPM.
 */
final class StateDirectory implements TpmState {
  private static final int MAX_SIZE = 1 << 20;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path directory;
  private final FileChannel lock;

  StateDirectory(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory, OWNER_ONLY_DIRECTORY);
    lock =
        FileChannel.open(
            directory.resolve("lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            OWNER_ONLY);
    if (!locked()) {
      lock.close();
      throw new IOException("the TPM in " + directory + " is in use");
    }
  }

  private boolean locked() throws IOException {
    try {
      FileLock taken = lock.tryLock();
      return taken != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public Optional<byte[]> load(String name) throws IOException {
    try (FileChannel file = FileChannel.open(file(name), StandardOpenOption.READ)) {
      long size = file.size();
      if (size > MAX_SIZE) {
        throw new IOException(file(name) + " has " + size + " bytes");
      }
      ByteBuffer buffer = ByteBuffer.allocate((int) size);
      while (buffer.hasRemaining() && file.read(buffer) >= 0) {}
      if (buffer.hasRemaining()) {
        throw new IOException(file(name) + " is cut off");
      }
      return Optional.of(buffer.array());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void save(String name, byte[] data) throws IOException {
    Path fresh = directory.resolve(name + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel file =
        FileChannel.open(
            fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
      ByteBuffer buffer = ByteBuffer.wrap(data);
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
      file.force(true);
    }
    Files.move(
        fresh, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync();
  }

  @Override
  public boolean delete(String name) throws IOException {
    boolean existed = Files.deleteIfExists(file(name));
    sync();
    return existed;
  }

  private void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private Path file(String name) throws IOException {
    if (!name.matches("[a-z0-9_-]{1,64}")) {
      throw new IOException("libtpms names its state " + name);
    }
    return directory.resolve(name);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
