package dev.keystead.tao.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** System calls on files, sockets and the process itself. */
public final class Kernel {
  /** open(2): for a mere name, which nobody reads or writes through. */
  public static final int O_PATH = 0x200000;

  /** open(2): writes go to the end. */
  public static final int O_APPEND = 0x400;

  /** open(2): the last component may not be a symbolic link. */
  public static final int O_NOFOLLOW = 0x20000;

  /** open(2). */
  public static final int O_RDONLY = 0;

  /** open(2). */
  public static final int O_WRONLY = 1;

  /** open(2). */
  public static final int O_RDWR = 2;

  /** open(2). */
  public static final int O_CREAT = 0x40;

  private static final int O_CLOEXEC = 0x80000;
  private static final int AT_FDCWD = -100;
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERCRED = 17;
  private static final int SO_PEERPIDFD = 77;
  private static final int EINVAL = 22;
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int MFD_NOEXEC_SEAL = 8;
  private static final int MFD_EXEC = 16;
  private static final int F_ADD_SEALS = 1033;
  private static final int SEALS = 0xf; // seal, shrink, grow, write
  private static final int RLIMIT_CORE = 4;
  private static final int PR_SET_DUMPABLE = 4;
  private static final int STAT_SIZE = 144;
  private static final int POLLFD_SIZE = 8;
  private static final short POLLIN = 1;

  private Kernel() {}

  /** The user this process acts as. */
  public static int uid() {
    return (int) Syscall.GETUID.callUnchecked();
  }

  /** The group this process acts as. */
  public static int gid() {
    return (int) Syscall.GETGID.callUnchecked();
  }

  /** The supplementary groups of this process, from the lowest up. */
  public static List<Integer> groups() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int count = (int) Syscall.GETGROUPS.call(0, 0);
      MemorySegment list = arena.allocate(JAVA_INT, Math.max(count, 1));
      count = (int) Syscall.GETGROUPS.call(count, list.address());
      return Arrays.stream(list.toArray(JAVA_INT)).limit(count).sorted().boxed().toList();
    }
  }

  /**
   * Keeps what this process holds in its memory from others of its user and from the disk: no core
   * dump, no tracing. Its programs inherit the limit.
   */
  public static void protectThisProcess() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment zero = arena.allocate(16);
      Syscall.PRLIMIT64.call(0, RLIMIT_CORE, zero.address(), 0);
    }
    Syscall.PRCTL.call(PR_SET_DUMPABLE, 0);
  }

  /**
   * Opens a file; closes on exec.
   *
   * @param mode the permissions of a file that is created, less the umask
   */
  public static Fd open(Path path, int flags, int mode) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(path.toString()).address();
      return new Fd((int) Syscall.OPENAT.call(AT_FDCWD, name, flags | O_CLOEXEC, mode));
    } catch (KernelException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  /** A file in memory that has no name, can be sealed, and closes on exec. */
  public static Fd memfd(String name, boolean executable) throws IOException {
    int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    try (Arena arena = Arena.ofConfined()) {
      long text = arena.allocateFrom(name).address();
      try {
        int kind = executable ? MFD_EXEC : MFD_NOEXEC_SEAL;
        return new Fd((int) Syscall.MEMFD_CREATE.call(text, flags | kind));
      } catch (KernelException e) {
        if (e.errno() != EINVAL) { // Linux before 6.3 knows no kinds.
          throw e;
        }
        return new Fd((int) Syscall.MEMFD_CREATE.call(text, flags));
      }
    }
  }

  /** Makes the content and size of a file in memory final, for everybody and for good. */
  public static void seal(Fd memfd) throws IOException {
    Syscall.FCNTL.call(memfd.number(), F_ADD_SEALS, SEALS);
  }

  /** Sets the permissions of an open file. */
  public static void chmod(Fd fd, int mode) throws IOException {
    Syscall.FCHMOD.call(fd.number(), mode);
  }

  /** Gives an open file to a user and a group. */
  public static void chown(Fd fd, int uid, int gid) throws IOException {
    Syscall.FCHOWN.call(fd.number(), uid, gid);
  }

  /** Which file a file descriptor has open. */
  public static Inode inode(Fd fd) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stat = arena.allocate(STAT_SIZE, Long.BYTES);
      Syscall.FSTAT.call(fd.number(), stat.address());
      return inode(stat);
    }
  }

  /** Which file a path leads to, through symbolic links and those of /proc. */
  public static Inode inode(String path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stat = arena.allocate(STAT_SIZE, Long.BYTES);
      long name = arena.allocateFrom(path).address();
      Syscall.NEWFSTATAT.call(AT_FDCWD, name, stat.address(), 0);
      return inode(stat);
    }
  }

  private static Inode inode(MemorySegment stat) {
    return new Inode(stat.get(JAVA_LONG, 0), stat.get(JAVA_LONG, 8));
  }

  /** Who connected a Unix socket, when it did: pid, uid and gid. */
  public static int[] peerCredentials(int socket) throws IOException {
    return socketOption(socket, SO_PEERCRED, 3);
  }

  /** The process that connected a Unix socket, from Linux 6.5 on. */
  public static Fd peerPidfd(int socket) throws IOException {
    return new Fd(socketOption(socket, SO_PEERPIDFD, 1)[0]);
  }

  private static int[] socketOption(int socket, int option, int words) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(JAVA_INT, words);
      MemorySegment size = arena.allocateFrom(JAVA_INT, (int) value.byteSize());
      Syscall.GETSOCKOPT.call(socket, SOL_SOCKET, option, value.address(), size.address());
      if (size.get(JAVA_INT, 0) != value.byteSize()) {
        throw new IOException("a socket option of another size than documented");
      }
      return value.toArray(JAVA_INT);
    }
  }

  /** A counter to wake up {@link #poll} by. */
  public static Fd eventfd() throws IOException {
    return new Fd((int) Syscall.EVENTFD2.call(0, O_CLOEXEC));
  }

  /** Makes a counter readable. */
  public static void signal(Fd eventfd) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      long one = arena.allocateFrom(JAVA_LONG, 1).address();
      Syscall.WRITE.call(eventfd.number(), one, Long.BYTES);
    }
  }

  /** Makes a readable counter not so. */
  public static void drain(Fd eventfd) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Syscall.READ.call(eventfd.number(), arena.allocate(Long.BYTES).address(), Long.BYTES);
    }
  }

  /**
   * Waits until at least one is readable.
   *
   * @param milliseconds how long at most; -1: without end
   * @return for each, whether it is readable or at its end
   */
  public static boolean[] poll(List<Fd> fds, int milliseconds) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = arena.allocate((long) POLLFD_SIZE * fds.size(), Integer.BYTES);
      for (int i = 0; i < fds.size(); i++) {
        set.set(JAVA_INT, (long) i * POLLFD_SIZE, fds.get(i).number());
        set.set(JAVA_SHORT, (long) i * POLLFD_SIZE + 4, POLLIN);
      }
      Syscall.POLL.call(set.address(), fds.size(), milliseconds);
      boolean[] ready = new boolean[fds.size()];
      for (int i = 0; i < ready.length; i++) {
        ready[i] = set.get(JAVA_SHORT, (long) i * POLLFD_SIZE + 6) != 0;
      }
      return ready;
    }
  }
}
