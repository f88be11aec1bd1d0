package dev.keystead.tao.launch;

import dev.keystead.tao.kernel.Fd;
import dev.keystead.tao.kernel.Inode;
import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tao.kernel.KernelException;
import dev.keystead.tao.kernel.Pidfd;
import java.io.IOException;

/**
 * A process that was started, a child of this one.
 *
 * @param pidfd the process
 * @param image what it executes; kept open so that no other file gets its inode
 */
public record StartedProgram(Pidfd pidfd, Fd image) implements AutoCloseable {
  /**
   * Whether it still is what was started: it runs, and has not executed another file since.
   *
   * @throws IOException when the kernel does not say
   */
  public boolean isUnchanged() throws IOException {
    int pid = pidfd.pid();
    if (pid < 0) {
      return false;
    }
    Inode executed;
    try {
      executed = Kernel.inode("/proc/" + pid + "/exe");
    } catch (KernelException e) {
      if (pidfd.hasEnded()) {
        return false;
      }
      throw e;
    }
    return executed.equals(Kernel.inode(image)) && pidfd.pid() == pid && !pidfd.hasEnded();
  }

  @Override
  public void close() {
    pidfd.close();
    image.close();
  }
}
