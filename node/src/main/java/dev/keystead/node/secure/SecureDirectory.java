package dev.keystead.node.secure;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.node.AgentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directory for bootstrap keys and payloads: a tmpfs, so that nothing in it outlives the boot,
 * owned by this user, mode 0700. Whether it is one is read from the kernel's own mount table and
 * the directory's device number, never from names that whoever mounts can choose.
 */
public final class SecureDirectory {
  private static final System.Logger LOG = System.getLogger(SecureDirectory.class.getName());
  private static final String POINTER = "secure-directory";

  private final Path path;
  private final boolean mounted;

  private SecureDirectory(Path path, boolean mounted) {
    this.path = path;
    this.mounted = mounted;
  }

  /**
   * Opens the agent's secure directory, the same one after a restart within one boot.
   *
   * @param work the agent's work directory, private to this user
   * @param configured a directory below a tmpfs to use; without one, a tmpfs is mounted at {@code
   *     work/secure} where we may, else a fresh directory is made below XDG_RUNTIME_DIR or /dev/shm
   * @param size the size limit in bytes of a tmpfs that is mounted here
   * @throws AgentException when there is no such place; nothing is written anywhere else instead
   */
  public static SecureDirectory open(Path work, Optional<Path> configured, long size) {
    return open(work, configured, size, memoryDirectories());
  }

  static SecureDirectory open(
      Path work, Optional<Path> configured, long size, List<Path> memoryDirectories) {
    try {
      if (configured.isPresent()) {
        return under(configured.get().toAbsolutePath().normalize());
      }
      Path place = work.toRealPath().resolve("secure");
      if (isRoot() || !mountsAt(place).isEmpty()) {
        Optional<SecureDirectory> mount = mount(place, size);
        if (mount.isPresent()) {
          return mount.get();
        }
      }
      return remembered(work, memoryDirectories);
    } catch (IOException e) {
      throw new AgentException("the secure directory cannot be opened: " + e.getMessage(), e);
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Unmounts or deletes it: what was bootstrapped is gone. */
  public void remove() {
    try {
      if (mounted) {
        if (!run("/usr/bin/umount", path.toString())) {
          throw new AgentException(path + " cannot be unmounted: it is in use");
        }
      } else {
        PrivateTree.delete(path);
      }
    } catch (IOException e) {
      throw new AgentException("the secure directory cannot be removed: " + e.getMessage(), e);
    }
  }

  private static SecureDirectory under(Path directory) throws IOException {
    if (!Files.exists(directory, NOFOLLOW_LINKS)) {
      Path parent = directory.getParent();
      if (parent == null || !isOnTmpfs(parent.toRealPath())) {
        throw new AgentException(directory + " is not on a tmpfs: secrets are not written there");
      }
      PrivateFiles.folder(directory);
    }
    return new SecureDirectory(checked(directory), false);
  }

  private static Optional<SecureDirectory> mount(Path place, long size) throws IOException {
    if (mountsAt(place).isEmpty()) {
      PrivateFiles.folder(place);
      requireOurs(place);
      String options = "size=" + size + ",mode=0700,nosuid,nodev";
      // Without noswap, known to kernels from 6.4 on, the tmpfs may be swapped out.
      if (!mountTmpfs(place, options + ",noswap") && !mountTmpfs(place, options)) {
        LOG.log(System.Logger.Level.DEBUG, "no tmpfs can be mounted at {0}", place);
        return Optional.empty();
      }
    }
    Mount top = mountsAt(place).getLast();
    if (!top.isTmpfs() || !top.root().equals("/") || !top.holds(place)) {
      throw new AgentException(
          place
              + " has a "
              + top.fileSystem()
              + " mounted on it that is not our tmpfs: unmount it");
    }
    return Optional.of(new SecureDirectory(checked(place), true));
  }

  /** The directory that an earlier start made and noted in the work directory, or a fresh one. */
  static SecureDirectory remembered(Path work, List<Path> candidates) throws IOException {
    Path pointer = work.resolve(POINTER);
    if (Files.exists(pointer, NOFOLLOW_LINKS)) {
      Path earlier = Path.of(new String(PrivateFiles.read(pointer, 4096), StandardCharsets.UTF_8));
      if (Files.exists(earlier, NOFOLLOW_LINKS)) {
        return new SecureDirectory(checked(earlier), false);
      }
    }
    for (Path candidate : candidates) {
      if (Files.isDirectory(candidate)
          && Files.isWritable(candidate)
          && isOnTmpfs(candidate.toRealPath())) {
        Path fresh = PrivateTree.fresh(candidate.toRealPath(), "keystead-");
        PrivateFiles.write(pointer, fresh.toString().getBytes(StandardCharsets.UTF_8));
        return new SecureDirectory(checked(fresh), false);
      }
    }
    throw new AgentException(
        "there is no tmpfs for secrets: run as root so that one can be mounted, or have a"
            + " writable XDG_RUNTIME_DIR or /dev/shm that is a tmpfs");
  }

  private static Path checked(Path directory) throws IOException {
    requireOurs(directory);
    if (!isOnTmpfs(directory)) {
      throw new AgentException(directory + " is not on a tmpfs: secrets are not written there");
    }
    return directory;
  }

  private static void requireOurs(Path directory) throws IOException {
    if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
      throw new AgentException(directory + " is not a directory");
    }
    if (uid(directory) != uid(Path.of("/proc/self"))) {
      throw new AgentException(directory + " belongs to another user");
    }
    String mode =
        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory, NOFOLLOW_LINKS));
    if (!mode.equals("rwx------")) {
      throw new AgentException(directory + " has mode " + mode + ", not rwx------");
    }
  }

  private static boolean isOnTmpfs(Path directory) throws IOException {
    List<Mount> holding = new ArrayList<>();
    for (Mount mount : Mount.all()) {
      if (mount.holds(directory)) {
        holding.add(mount);
      }
    }
    return !holding.isEmpty() && holding.stream().allMatch(Mount::isTmpfs);
  }

  private static List<Mount> mountsAt(Path place) throws IOException {
    return Mount.all().stream().filter(mount -> mount.isAt(place)).toList();
  }

  private static List<Path> memoryDirectories() {
    return Stream.of(Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR")), Optional.of("/dev/shm"))
        .flatMap(Optional::stream)
        .filter(path -> path.startsWith("/"))
        .map(Path::of)
        .toList();
  }

  private static boolean mountTmpfs(Path place, String options) throws IOException {
    return run("/usr/bin/mount", "-t", "tmpfs", "-o", options, "keystead-secure", place.toString());
  }

  private static boolean run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static boolean isRoot() throws IOException {
    return uid(Path.of("/proc/self")) == 0;
  }

  private static int uid(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", NOFOLLOW_LINKS);
  }
}
