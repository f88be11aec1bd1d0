package dev.keystead.tao.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Opens files as somebody else, on a thread of its own: root must not read for others. */
public final class FileAccess {
  private static final int NO_ID = -1;

  private FileAccess() {}

  /**
   * Does some work with the access to files that a user has, and no more. Processes keep their
   * user; only what the work's own thread opens is concerned.
   *
   * @throws ExecutionException with what the work has thrown
   */
  public static <T> T as(int uid, int gid, List<Integer> groups, Callable<T> work)
      throws IOException, ExecutionException {
    FutureTask<T> task =
        new FutureTask<>(() -> {
          become(uid, gid, groups);
          return work.call();
        });
    Thread.ofPlatform().name("keystead-as-user").start(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The kernel keeps these for each thread, and the C library is not asked to spread them. */
  private static void become(int uid, int gid, List<Integer> groups) throws IOException {
    if (Kernel.uid() == 0) {
      try (Arena arena = Arena.ofConfined()) {
        int[] all = groups.stream().mapToInt(Integer::intValue).toArray();
        Syscall.SETGROUPS.call(all.length, arena.allocateFrom(JAVA_INT, all).address());
      }
    }
    Syscall.SETFSGID.call(gid);
    Syscall.SETFSUID.call(uid); // These two do not say whether they have failed.
    if (Syscall.SETFSGID.call(NO_ID) != gid || Syscall.SETFSUID.call(NO_ID) != uid) {
      throw new IOException("cannot take the access of user " + uid);
    }
  }
}
