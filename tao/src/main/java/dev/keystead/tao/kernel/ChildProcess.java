package dev.keystead.tao.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process to start. It gets what is said here and nothing else of its parent but resource limits,
 * priority, control groups and namespaces; there is no core dump of it.
 *
 * @param image the open file that is executed
 * @param arguments its arguments, its name first
 * @param environment all of its environment, as name=value
 * @param inherited its open files: the first is its standard input, and so on
 * @param uid its real, effective and saved user
 * @param gid its real, effective and saved group
 * @param groups all of its supplementary groups
 * @param landlock a Landlock ruleset that restricts it
 * @param filter its seccomp filter, an array of struct sock_filter
 * @param execSecret the sixth argument of the one execveat that starts it. The kernel ignores it;
 *     the filter can tell by it this call from those of the program, which cannot know it
 */
public record ChildProcess(
    Fd image,
    List<String> arguments,
    List<String> environment,
    List<Fd> inherited,
    int uid,
    int gid,
    List<Integer> groups,
    Optional<Fd> landlock,
    byte[] filter,
    long execSecret) {
  private static final int RLIMIT_CORE = 4;
  private static final int CLOSE_RANGE_CLOEXEC = 4;
  private static final int PR_CAPBSET_READ = 23;
  private static final int PR_CAPBSET_DROP = 24;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int PR_CAP_AMBIENT = 47;
  private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;
  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int SIG_SETMASK = 2;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int ABOVE_ALL_INHERITED = 512;
  private static final int SOCK_FILTER_SIZE = 8;

  /** Takes copies of the lists. */
  public ChildProcess {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
    inherited = List.copyOf(inherited);
    groups = List.copyOf(groups);
    if (inherited.size() >= ABOVE_ALL_INHERITED) {
      throw new IllegalArgumentException("too many open files to inherit");
    }
  }

  /**
   * Starts it. A parent that is not root can only start processes of its own user and groups.
   *
   * @throws IOException when it cannot be started exactly so; then it does not run
   */
  public Pidfd start() throws IOException {
    List<Fd> moved = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      for (Fd fd : inherited) { // Out of the way of the numbers that they will have.
        moved.add(fd.duplicate(ABOVE_ALL_INHERITED));
      }
      Fd program = image.duplicate(ABOVE_ALL_INHERITED);
      moved.add(program);
      Optional<Fd> rules = Optional.empty();
      if (landlock.isPresent()) {
        rules = Optional.of(landlock.get().duplicate(ABOVE_ALL_INHERITED));
        moved.add(rules.get());
      }
      return table(arena, moved, program, rules).start();
    } finally {
      moved.forEach(Fd::close);
    }
  }

  private ChildTable table(Arena arena, List<Fd> moved, Fd program, Optional<Fd> rules) {
    ChildTable table = new ChildTable(arena);
    table.add(Syscall.SETSID);
    for (int i = 0; i < inherited.size(); i++) {
      table.add(Syscall.DUP2, moved.get(i).number(), i);
    }
    table.add(Syscall.CLOSE_RANGE, inherited.size(), 0xffffffffL, CLOSE_RANGE_CLOEXEC);
    table.add(Syscall.UMASK, 077);
    table.add(Syscall.CHDIR, arena.allocateFrom("/").address());
    table.add(Syscall.PRLIMIT64, 0, RLIMIT_CORE, arena.allocate(16).address(), 0);
    identity(table, arena);
    table.add(Syscall.PRCTL, PR_SET_NO_NEW_PRIVS, 1);
    rules.ifPresent(fd -> table.add(Syscall.LANDLOCK_RESTRICT_SELF, fd.number(), 0));
    table.add(Syscall.SECCOMP, SECCOMP_SET_MODE_FILTER, 0, program(arena));
    table.add(Syscall.RT_SIGPROCMASK, SIG_SETMASK, arena.allocate(8).address(), 0, 8);
    table.add(
        Syscall.EXECVEAT,
        program.number(),
        arena.allocateFrom("").address(),
        strings(arena, arguments),
        strings(arena, environment),
        AT_EMPTY_PATH,
        execSecret);
    return table;
  }

  private static boolean isCapability(int number) {
    return Syscall.PRCTL.callUnchecked(PR_CAPBSET_READ, number) >= 0;
  }

  private void identity(ChildTable table, Arena arena) {
    if (Kernel.uid() == 0) {
      for (int capability = 0; isCapability(capability); capability++) {
        table.add(Syscall.PRCTL, PR_CAPBSET_DROP, capability);
      }
      table.add(Syscall.PRCTL, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL);
      int[] all = groups.stream().mapToInt(Integer::intValue).toArray();
      long list = arena.allocateFrom(JAVA_INT, all).address();
      table.add(Syscall.SETGROUPS, all.length, list);
    }
    table.add(Syscall.SETRESGID, gid, gid, gid);
    table.add(Syscall.SETRESUID, uid, uid, uid);
  }

  /** A struct sock_fprog. */
  private long program(Arena arena) {
    MemorySegment code = arena.allocate(filter.length, Long.BYTES);
    MemorySegment.copy(filter, 0, code, JAVA_BYTE, 0, filter.length);
    MemorySegment program = arena.allocate(16, Long.BYTES);
    program.set(JAVA_INT, 0, filter.length / SOCK_FILTER_SIZE);
    program.set(ADDRESS, 8, code);
    return program.address();
  }

  private static long strings(Arena arena, List<String> strings) {
    MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1L);
    for (int i = 0; i < strings.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
    }
    return array.address();
  }
}
