package dev.keystead.tenant.policy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keystead.tenant.TenantException;
import dev.keystead.tenant.TenantException.Problem;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A file tree as a source of a policy: every regular file in it, save links, folders that hold what
 * changes from boot to boot or belongs to nobody ({@code /sys}, {@code /run}, {@code /proc}, {@code
 * /lost+found}, {@code /dev}, {@code /media}, {@code /snap}, {@code /mnt}, {@code /var}, {@code
 * /tmp} of the tree), folders where a file system of another type is mounted, and files of other
 * users than root. Names are those below the tree's root.
 *
 * @param root the folder that is or will be a machine's {@code /}
 * @param skipped further folders to leave out, each in the tree
 * @param anyOwner whether files of other users than root count, too
 */
public record FileTree(Path root, List<Path> skipped, boolean anyOwner) {
  /** What is left out of every tree. */
  public static final List<String> CHANGING =
      List.of("sys", "run", "proc", "lost+found", "dev", "media", "snap", "mnt", "var", "tmp");

  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  /** Takes the paths as absolute ones. */
  public FileTree {
    root = root.toAbsolutePath().normalize();
    skipped = skipped.stream().map(path -> path.toAbsolutePath().normalize()).toList();
  }

  /** Digests of all files, made by several threads. */
  Harvest harvest(HashAlg alg, Meter meter) {
    Set<String> out = skippedPaths();
    Harvest harvest = new Harvest();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(root.toString());
      int folder = LinuxFiles.open(LinuxFiles.CURRENT_FOLDER, name, LinuxFiles.READ_FOLDER);
      if (folder < 0) {
        throw new TenantException(
            Problem.BAD_INPUT, "the folder %s does not exist, or may not be read".formatted(root));
      }
      try {
        TreeWalk.run(folder, out, anyOwner, alg, harvest, meter);
      } finally {
        LinuxFiles.close(folder);
      }
    }
    return harvest;
  }

  /** Below the root, as text of one character for a byte. */
  private Set<String> skippedPaths() {
    Set<Path> out = new HashSet<>();
    for (Path folder : skipped) {
      if (root.startsWith(folder)) {
        throw new TenantException(
            Problem.BAD_INPUT, "all of %s would be skipped with %s".formatted(root, folder));
      }
      if (!folder.startsWith(root)) {
        throw new TenantException(
            Problem.BAD_INPUT, "the folder %s to skip is not in %s".formatted(folder, root));
      }
      out.add(root.relativize(folder));
    }
    CHANGING.forEach(name -> out.add(Path.of(name)));
    try {
      Path real = root.toRealPath();
      MountTable.read(MOUNTS).foreignBelow(real).forEach(point -> out.add(real.relativize(point)));
    } catch (IOException e) {
      throw new TenantException(
          Problem.BAD_INPUT, "the file systems in %s cannot be told".formatted(root), e);
    }
    return out.stream()
        .map(path -> new String(path.toString().getBytes(UTF_8), ISO_8859_1))
        .collect(Collectors.toUnmodifiableSet());
  }
}
