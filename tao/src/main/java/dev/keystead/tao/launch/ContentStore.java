package dev.keystead.tao.launch;

import dev.keystead.claims.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The host's own copies of what a program opens by path while it runs: JVMs and jars. They are
 * hashed again while they are copied, have their digest as their name, and can be changed by the
 * host's user only.
 */
public final class ContentStore {
  private static final Set<PosixFilePermission> PASSAGE =
      PosixFilePermissions.fromString("rwx--x--x");
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("r--r--r--");
  private static final Set<PosixFilePermission> PROGRAM =
      PosixFilePermissions.fromString("r-xr-xr-x");

  private final Path directory;

  private ContentStore(Path directory) {
    this.directory = directory;
  }

  /**
   * An empty store.
   *
   * @param directory made, or emptied; programs of all users pass through it, and its file system
   *     allows execution
   */
  public static ContentStore in(Path directory) throws IOException {
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      delete(directory);
    }
    Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PASSAGE));
    Files.setPosixFilePermissions(directory, PASSAGE);
    return new ContentStore(directory);
  }

  /** Requires that programs of other users get here. */
  void requireReachable() throws IOException {
    for (Path path = directory.toRealPath(); path != null; path = path.getParent()) {
      if (!Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        throw new IOException(
            "programs of other users do not get to the host's store: %s is closed to them"
                .formatted(path));
      }
    }
  }

  /** Copies a jar, unless it is there; its content must have this digest still. */
  synchronized Path jar(Jar jar) throws IOException {
    Path copy = directory.resolve(HexFormat.of().formatHex(jar.digest()) + ".jar");
    if (!Files.exists(copy)) {
      Path part = directory.resolve("part");
      copy(jar.file(), jar.digest(), part, FILE);
      Jar.requireWhole(part);
      Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
    }
    return copy;
  }

  /** Copies a JVM, unless it is there; its files must have their digests still. */
  synchronized Path runtime(JavaRuntime runtime, byte[] digest) throws IOException {
    Path copy = directory.resolve(HexFormat.of().formatHex(digest));
    if (!Files.exists(copy)) {
      Path part = directory.resolve("part");
      for (JavaRuntime.Part file : runtime.files()) {
        Path from = runtime.home().resolve(file.name());
        Path to = directoriesOf(part, file.name()).resolve(from.getFileName());
        copy(from, file.digest(), to, file.executable() ? PROGRAM : FILE);
      }
      Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
    }
    return copy;
  }

  /** Makes the directories in which a file of this name lies; returns the innermost. */
  private static Path directoriesOf(Path root, String name) throws IOException {
    Path directory = root;
    for (int end = 0; end >= 0; end = name.indexOf('/', end + 1)) {
      directory = end == 0 ? root : root.resolve(name.substring(0, end));
      if (!Files.exists(directory)) {
        Files.createDirectory(directory);
        Files.setPosixFilePermissions(directory, DIRECTORY);
      }
    }
    return directory;
  }

  private void copy(Path source, byte[] digest, Path to, Set<PosixFilePermission> permissions)
      throws IOException {
    MessageDigest hash = Sha256.digest();
    try (InputStream in = Files.newInputStream(source);
        OutputStream out =
            Files.newOutputStream(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      in.transferTo(new DigestOutputStream(out, hash));
    }
    if (!MessageDigest.isEqual(hash.digest(), digest)) {
      delete(directory.resolve("part"));
      throw new IOException(source + " changed while it was measured");
    }
    Files.setPosixFilePermissions(to, permissions);
  }

  private static void delete(Path root) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(root)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
