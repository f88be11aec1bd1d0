package dev.keystead.tenant.policy;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.keystead.tpm.structure.HashAlg;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Looks at files and hashes them, one after another with the same memory; for one thread. */
final class FileHasher {
  private static final int CONTENT = 1 << 20;
  private static final int NAME = 4096;
  private static final int STATUS = 256;
  private static final int ROOT = 0;

  private final MemorySegment content;
  private final MemorySegment name;
  private final MemorySegment status;
  private final ContentDigest digest;
  private final Meter meter;

  /** Takes memory of an arena that outlives it. */
  FileHasher(HashAlg alg, Meter meter, Arena arena) {
    this.content = arena.allocate(CONTENT, 64);
    this.name = arena.allocate(NAME + 1L);
    this.status = arena.allocate(STATUS, 8);
    this.digest = ContentDigest.of(alg, arena);
    this.meter = meter;
  }

  /** What a name below a folder is. */
  enum Kind {
    /** A regular file that counts. */
    FILE,
    /** A folder. */
    FOLDER,
    /** Anything else, nothing, or a file of somebody who does not count. */
    OTHER
  }

  /** What a name is; names that are too long are nothing. */
  Kind kind(int root, byte[] path, boolean anyOwner) {
    if (path.length > NAME) {
      return Kind.OTHER;
    }
    LinuxFiles.name(path, name);
    if (LinuxFiles.status(root, name, status) != 0) {
      return Kind.OTHER;
    }
    if (LinuxFiles.isFolder(status)) {
      return Kind.FOLDER;
    }
    boolean counts = LinuxFiles.isRegular(status) && (anyOwner || LinuxFiles.owner(status) == ROOT);
    return counts ? Kind.FILE : Kind.OTHER;
  }

  /** Opens a folder below another; negative when it cannot be. */
  int openFolder(int root, byte[] path) {
    if (path.length > NAME) {
      return -1;
    }
    LinuxFiles.name(path, name);
    return LinuxFiles.open(root, name, LinuxFiles.READ_SUBFOLDER);
  }

  /** The digest of the content of the file that was just asked for, if it can be read. */
  Optional<String> hash(int root, byte[] path) {
    LinuxFiles.name(path, name);
    int file = LinuxFiles.open(root, name, LinuxFiles.READ_FILE);
    if (file < 0) {
      return Optional.empty();
    }
    long expected = LinuxFiles.size(status);
    long size = 0;
    long filled = 0;
    long read;
    do {
      read = LinuxFiles.read(file, content, filled);
      filled += Math.max(read, 0);
      size += Math.max(read, 0);
      if (filled == CONTENT) {
        digest.update(content, filled);
        filled = 0;
      }
    } while (read > 0 && size != expected);
    LinuxFiles.close(file);
    if (size >= CONTENT) {
      digest.update(content, filled);
    }
    String hex = size >= CONTENT ? digest.finish() : digest.hash(content, filled);
    meter.add(size);
    return read < 0 ? Optional.empty() : Optional.of(hex);
  }

  /** The digest of the next {@code size} bytes. */
  String hash(InputStream in, long size) throws IOException {
    byte[] chunk = new byte[64 << 10];
    long left = size;
    try {
      while (left > 0) {
        int read = in.read(chunk, 0, (int) Math.min(chunk.length, left));
        if (read < 0) {
          throw new EOFException("it ends within a file");
        }
        MemorySegment.copy(chunk, 0, content, JAVA_BYTE, 0, read);
        digest.update(content, read);
        left -= read;
      }
    } finally {
      if (left > 0) {
        String _ = digest.finish();
      }
    }
    meter.add(size);
    return digest.finish();
  }
}
