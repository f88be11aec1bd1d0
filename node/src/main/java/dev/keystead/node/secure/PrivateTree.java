package dev.keystead.node.secure;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/** Directories of mode 0700 that are filled once and removed whole. */
public final class PrivateTree {
  private PrivateTree() {}

  /** Creates a file of mode 0600, which must not exist, not even as a link. */
  public static void create(Path file, byte[] content) throws IOException {
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (FileChannel channel =
        FileChannel.open(file, Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS), mode)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /** A directory that did not exist before, with a random name that begins with {@code prefix}. */
  static Path fresh(Path parent, String prefix) throws IOException {
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    return Files.createTempDirectory(parent, prefix, mode);
  }

  /** Removes a directory and all that is in it, following no link; absent is fine. */
  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory, NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
