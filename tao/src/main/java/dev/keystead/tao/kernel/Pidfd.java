package dev.keystead.tao.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One process for good: unlike its number, it never becomes another process.
 *
 * @param fd the pidfd
 */
public record Pidfd(Fd fd) implements AutoCloseable {
  /** SIGKILL. */
  public static final int KILL = 9;

  /** SIGTERM. */
  public static final int TERMINATE = 15;

  private static final int P_PIDFD = 3;
  private static final int WEXITED = 4;
  private static final int SIGINFO_SIZE = 128;
  private static final int CLD_EXITED = 1;
  private static final int ESRCH = 3;

  /** Of the process that has this number now. */
  public static Pidfd open(int pid) throws IOException {
    return new Pidfd(new Fd((int) Syscall.PIDFD_OPEN.call(pid, 0)));
  }

  /**
   * The process's number, which is its own until its parent has taken note of its end.
   *
   * @return -1 when the parent has
   */
  public int pid() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd.number()))) {
      if (line.startsWith("Pid:")) {
        return Integer.parseInt(line.substring(4).strip());
      }
    }
    throw new IOException("not a pidfd");
  }

  /** Whether the process has ended. */
  public boolean hasEnded() throws IOException {
    return Kernel.poll(List.of(fd), 0)[0];
  }

  /** Sends a signal; a process that has ended does not mind. */
  public void signal(int number) throws IOException {
    try {
      Syscall.PIDFD_SEND_SIGNAL.call(fd.number(), number, 0, 0);
    } catch (KernelException e) {
      if (e.errno() != ESRCH) {
        throw e;
      }
    }
  }

  /**
   * Ends all that is left of the process group of a child that has ended, and not been reaped yet:
   * until then no other group has its number.
   */
  public void killGroup() throws IOException {
    int pid = pid();
    if (pid > 1) {
      long result = Syscall.KILL.callUnchecked(-pid, KILL);
      if (result < 0 && result != -ESRCH) {
        throw new KernelException("kill", (int) -result);
      }
    }
  }

  /**
   * Waits for the end of a child of this process and frees its number.
   *
   * @return its exit status, or 128 plus the signal that ended it
   */
  public int reap() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(SIGINFO_SIZE, Long.BYTES);
      Syscall.WAITID.call(P_PIDFD, fd.number(), info.address(), WEXITED, 0);
      int status = info.get(JAVA_INT, 24);
      return info.get(JAVA_INT, 8) == CLD_EXITED ? status : 128 + status;
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
