package dev.keystead.tao.launch;

import dev.keystead.claims.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hashes of files. Those that nobody but root can have changed without a trace in their metadata
 * are remembered, because a JVM has hundreds of megabytes.
 */
final class FileHashes {
  private static final int CHUNK = 1 << 18;
  private static final int MOST_REMEMBERED = 20_000;
  private static final int WRITABLE_BY_OTHERS = 022;
  private static final int READABLE_BY_ALL = 04;
  private static final int PASSABLE_BY_ALL = 01;

  /** A digest, and all of the file's metadata that changes when the file does. */
  private record Known(Map<String, Object> state, byte[] digest) {}

  private final Map<Path, Known> known = new ConcurrentHashMap<>();

  /** SHA-256 of a file's content. */
  byte[] hash(Path path) throws IOException {
    Path file = path.toRealPath();
    if (!isRootsOnly(file)) {
      return read(file);
    }
    Map<String, Object> before = state(file);
    Known remembered = known.get(file);
    if (remembered != null && remembered.state.equals(before)) {
      return remembered.digest.clone();
    }
    byte[] digest = read(file);
    if (state(file).equals(before) && known.size() < MOST_REMEMBERED) {
      known.put(file, new Known(before, digest));
    }
    return digest.clone();
  }

  private static byte[] read(Path file) throws IOException {
    MessageDigest hash = Sha256.digest();
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    long size = 0;
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      while (in.read(chunk) >= 0) {
        chunk.flip();
        size += chunk.remaining();
        if (size > SealedFile.MAX_SIZE) {
          throw new IOException("%s is larger than %d bytes".formatted(file, SealedFile.MAX_SIZE));
        }
        hash.update(chunk);
        chunk.clear();
      }
    }
    return hash.digest();
  }

  /**
   * Whether a file, and every directory on its way, is root's, writable by nobody else and open to
   * everybody, so that what is remembered tells nobody more than they could read.
   */
  private static boolean isRootsOnly(Path real) throws IOException {
    for (Path path = real; path != null; path = path.getParent()) {
      Object owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      int open = path.equals(real) ? READABLE_BY_ALL : PASSABLE_BY_ALL;
      if (!owner.equals(0)
          || ((Integer) mode & WRITABLE_BY_OTHERS) != 0
          || ((Integer) mode & open) == 0) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, Object> state(Path file) throws IOException {
    return Files.readAttributes(
        file, "unix:dev,ino,size,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
  }
}
