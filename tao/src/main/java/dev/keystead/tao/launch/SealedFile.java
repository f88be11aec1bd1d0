package dev.keystead.tao.launch;

import dev.keystead.claims.Sha256;
import dev.keystead.tao.kernel.Fd;
import dev.keystead.tao.kernel.Kernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * A copy of a file in memory that nobody can change any more, and the SHA-256 of exactly these
 * bytes.
 *
 * @param fd the copy
 * @param digest 32 bytes
 * @param size in bytes
 */
record SealedFile(Fd fd, byte[] digest, long size) implements AutoCloseable {
  /** The largest file that is measured. */
  static final long MAX_SIZE = 1L << 30;

  private static final int CHUNK = 1 << 18;

  private static final int MODE_READ = 0444;
  private static final int MODE_READ_AND_EXECUTED = 0555;
  private static final int MODE_EXECUTED = 0111;

  /** Copies and hashes in one pass, so that a change of the file meanwhile changes both. */
  static SealedFile copy(Path source, boolean executable) throws IOException {
    if (!Files.isRegularFile(source)) {
      throw new IOException(source + " is not a file");
    }
    Fd fd = Kernel.memfd("keystead", executable);
    try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ)) {
      MessageDigest hash = Sha256.digest();
      long size = copy(in, fd, hash, source);
      Kernel.chmod(fd, executable ? MODE_READ_AND_EXECUTED : MODE_READ);
      Kernel.seal(fd);
      return new SealedFile(fd, hash.digest(), size);
    } catch (IOException | RuntimeException | Error e) {
      fd.close();
      throw e;
    }
  }

  private static long copy(FileChannel in, Fd fd, MessageDigest hash, Path source)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    long size = 0;
    try (FileChannel out = FileChannel.open(Path.of(fd.path()), StandardOpenOption.WRITE)) {
      while (in.read(chunk) >= 0) {
        chunk.flip();
        size += chunk.remaining();
        if (size > MAX_SIZE) {
          throw new IOException("%s is larger than %d bytes".formatted(source, MAX_SIZE));
        }
        hash.update(chunk.duplicate());
        while (chunk.hasRemaining()) {
          out.write(chunk);
        }
        chunk.clear();
      }
    }
    return size;
  }

  /**
   * Lets nobody but root read it any more. A process that executes a file that it may not read is
   * closed to all others of its user: no tracing, no reading of its memory or its open files.
   */
  void allowExecutionOnly() throws IOException {
    Kernel.chmod(fd, MODE_EXECUTED);
  }

  /** A channel to read the copy by. */
  FileChannel read() throws IOException {
    return FileChannel.open(Path.of(fd.path()), StandardOpenOption.READ);
  }

  @Override
  public void close() {
    fd.close();
  }
}
