package dev.keystead.tao.launch;

import dev.keystead.tao.kernel.Fd;
import dev.keystead.tao.kernel.Inode;
import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tao.kernel.KernelException;
import dev.keystead.tao.kernel.Pidfd;
import java.io.IOException;

/** A process that was started, a child of this one that only whoever holds this reaps. */
public final class StartedProgram implements AutoCloseable {
  private final Pidfd pidfd;
  private final int pid;
  private final Fd image;
  private final Inode inode;
  private final boolean execs;
  private boolean closed;

  /**
   * Takes over a process and its image.
   *
   * @param image what it executes; kept open so that no other file gets its inode
   * @param inode the image's
   * @param execs whether it can execute other files at all
   */
  StartedProgram(Pidfd pidfd, Fd image, Inode inode, boolean execs) throws IOException {
    this.pidfd = pidfd;
    this.pid = pidfd.pid();
    this.image = image;
    this.inode = inode;
    this.execs = execs;
  }

  /** The process. */
  public Pidfd pidfd() {
    return pidfd;
  }

  /** Its number, which is its own until it is reaped. */
  public int pid() {
    return pid;
  }

  /**
   * Whether it still is what was started: it runs, and executes no other file.
   *
   * @throws IOException when the kernel does not say
   */
  public synchronized boolean isUnchanged() throws IOException {
    if (closed) {
      return false;
    }
    if (execs) {
      try {
        if (!Kernel.inode("/proc/" + pid + "/exe").equals(inode)) {
          return false;
        }
      } catch (KernelException e) {
        if (pidfd.hasEnded()) {
          return false;
        }
        throw e;
      }
    }
    return !pidfd.hasEnded(); // Last: while it runs, its number was its own above.
  }

  /** Ends it at once, and waits for its end. */
  public void kill() throws IOException {
    pidfd.signal(Pidfd.KILL);
    pidfd.reap();
    close();
  }

  @Override
  public synchronized void close() {
    closed = true;
    pidfd.close();
    image.close();
  }
}
