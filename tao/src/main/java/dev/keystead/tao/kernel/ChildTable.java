package dev.keystead.tao.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The system calls that a child makes, and what {@link ChildCode} needs besides. */
final class ChildTable {
  private static final long CLONE_VM = 0x100;
  private static final long CLONE_PIDFD = 0x1000;
  private static final long CLONE_VFORK = 0x4000;
  private static final long CLONE_CLEAR_SIGHAND = 0x100000000L;
  private static final int SIGCHLD = 17;
  private static final int ALL_SIGNALS = 88;
  private static final int ERROR = 104;
  private static final int FAILED = 112;
  private static final int STEPS = 120;
  private static final int STEP = 56;
  private static final int ARGUMENT = 8;

  private final Arena arena;
  private final List<Syscall> calls = new ArrayList<>();
  private final List<long[]> arguments = new ArrayList<>();

  ChildTable(Arena arena) {
    this.arena = arena;
  }

  void add(Syscall call, long... with) {
    calls.add(call);
    arguments.add(with);
  }

  /**
   * Starts the child.
   *
   * @throws IOException naming the call that failed; then there is no child
   */
  Pidfd start() throws IOException {
    MemorySegment table = arena.allocate(STEPS + (long) STEP * calls.size(), Long.BYTES);
    MemorySegment pidfd = arena.allocate(JAVA_INT);
    table.set(JAVA_LONG, 0, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | CLONE_CLEAR_SIGHAND);
    table.set(JAVA_LONG, 8, pidfd.address());
    table.set(JAVA_LONG, 32, SIGCHLD);
    table.set(JAVA_LONG, ALL_SIGNALS, -1);
    for (int i = 0; i < calls.size(); i++) {
      long at = STEPS + (long) STEP * i;
      table.set(JAVA_LONG, at, calls.get(i).number());
      for (long argument : arguments.get(i)) {
        at += ARGUMENT;
        table.set(JAVA_LONG, at, argument);
      }
    }
    long pid = ChildCode.start(table);
    if (pid < 0) {
      throw new KernelException("clone3", (int) -pid);
    }
    Pidfd child = new Pidfd(new Fd(pidfd.get(JAVA_INT, 0)));
    long error = table.get(JAVA_LONG, ERROR);
    if (error == 0) {
      return child;
    }
    try (child) {
      child.reap();
    }
    long step = (table.get(JAVA_LONG, FAILED) - table.address() - STEPS) / STEP;
    throw new KernelException("in the new process, " + calls.get((int) step).text(), (int) -error);
  }
}
