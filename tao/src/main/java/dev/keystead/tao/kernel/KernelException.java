package dev.keystead.tao.kernel;

import java.io.IOException;

/** A system call failed. */
public final class KernelException extends IOException {
  private final int errno;

  KernelException(String call, int errno) {
    super("%s: errno %d%s".formatted(call, errno, meaning(errno)));
    this.errno = errno;
  }

  /** The error's number, errno(3). */
  public int errno() {
    return errno;
  }

  private static String meaning(int errno) {
    return switch (errno) {
      case 1 -> " (not permitted)";
      case 2 -> " (no such file)";
      case 3 -> " (no such process)";
      case 7 -> " (arguments and environment are too long)";
      case 8 -> " (not executable)";
      case 9 -> " (bad file descriptor)";
      case 11 -> " (try again)";
      case 12 -> " (out of memory)";
      case 13 -> " (permission denied)";
      case 22 -> " (invalid argument)";
      case 24 -> " (too many open files)";
      case 28 -> " (no space left)";
      case 38 -> " (not in this kernel)";
      default -> "";
    };
  }
}
