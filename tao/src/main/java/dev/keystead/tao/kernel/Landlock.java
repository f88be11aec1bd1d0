package dev.keystead.tao.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Rulesets of the Landlock security module, version 3 (Linux 6.2): what files may be reached. */
public final class Landlock {
  private static final int NEEDED_VERSION = 3;
  private static final int ALL_RIGHTS = 0x7fff; // of version 3
  private static final int READ_FILE = 4;
  private static final int WRITE_FILE = 2;
  private static final int READ_DIRECTORY = 8;
  private static final int ASK_VERSION = 1;
  private static final int PATH_BENEATH = 1;

  private Landlock() {}

  /**
   * A ruleset under which files are only opened beneath the given paths, nothing is executed by its
   * path, and nothing is made, moved, removed or truncated. Files without a path, as those in
   * memory, and sockets are not restricted.
   *
   * @param readable files and directories to read beneath; those that do not exist are left out
   * @param writable files, as devices, to read and write
   */
  public static Fd ruleset(List<Path> readable, List<Path> writable) throws IOException {
    if (Syscall.LANDLOCK_CREATE_RULESET.callUnchecked(0, 0, ASK_VERSION) < NEEDED_VERSION) {
      throw new IOException("this kernel has no Landlock of version 3 or later");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handled = arena.allocateFrom(JAVA_LONG, ALL_RIGHTS);
      Fd rules =
          new Fd((int) Syscall.LANDLOCK_CREATE_RULESET.call(handled.address(), Long.BYTES, 0));
      try {
        for (Path path : readable) {
          if (Files.exists(path)) {
            allow(rules, path, Files.isDirectory(path) ? READ_FILE | READ_DIRECTORY : READ_FILE);
          }
        }
        for (Path path : writable) {
          allow(rules, path, READ_FILE | WRITE_FILE);
        }
        return rules;
      } catch (IOException | RuntimeException | Error e) {
        rules.close();
        throw e;
      }
    }
  }

  private static void allow(Fd rules, Path path, long rights) throws IOException {
    try (Arena arena = Arena.ofConfined();
        Fd place = Kernel.open(path, Kernel.O_PATH, 0)) {
      MemorySegment rule = arena.allocate(12, Long.BYTES);
      rule.set(JAVA_LONG, 0, rights);
      rule.set(JAVA_INT_UNALIGNED, 8, place.number());
      Syscall.LANDLOCK_ADD_RULE.call(rules.number(), PATH_BENEATH, rule.address(), 0);
    }
  }
}
