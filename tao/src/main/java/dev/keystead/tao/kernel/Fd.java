package dev.keystead.tao.kernel;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor that closes on exec, owned by whoever holds this. */
public final class Fd implements AutoCloseable {
  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes the ownership of an open file descriptor. */
  public Fd(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("a file descriptor is not negative");
    }
    this.number = number;
  }

  /**
   * Its number, good until it is closed.
   *
   * @throws IllegalStateException when it is closed: the number may belong to another file by now
   */
  public int number() {
    if (closed.get()) {
      throw new IllegalStateException("this file descriptor is closed");
    }
    return number;
  }

  /** Another file descriptor of the same open file, with the lowest free number from that one. */
  public Fd duplicate(int lowest) throws IOException {
    return new Fd((int) Syscall.FCNTL.call(number(), 1030 /* F_DUPFD_CLOEXEC */, lowest));
  }

  /** Its path for this process and for those that inherit it under the same number. */
  public String path() {
    return "/proc/self/fd/" + number();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Syscall.CLOSE.callUnchecked(number);
    }
  }

  @Override
  public String toString() {
    return "fd " + number;
  }
}
