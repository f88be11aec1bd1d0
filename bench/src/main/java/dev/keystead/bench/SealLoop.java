package dev.keystead.bench;

import dev.keystead.program.HostedTao;
import dev.keystead.tao.SealedBlob;
import java.util.Arrays;
import java.util.Locale;

/** A hosted program that seals and unseals 32 bytes over its socket, one call after the other. */
public final class SealLoop {
  private static final int WARM_UP = 40_000;
  private static final int CALLS = 10_000;
  private static final int SLICES = 5;

  private SealLoop() {}

  /** Something to time. */
  private interface Call {
    void run() throws Exception;
  }

  /**
   * Prints a line for each slice: {@code seal MEDIAN LEAST} and {@code unseal MEDIAN LEAST}, µs.
   */
  public static void main(String[] arguments) throws Exception {
    byte[] data = new byte[32];
    try (HostedTao tao = HostedTao.ofEnvironment()) {
      SealedBlob blob = tao.seal(data);
      for (int i = 0; i < WARM_UP; i++) {
        tao.unseal(tao.seal(data));
      }
      for (int i = 0; i < SLICES; i++) {
        time("seal", () -> tao.seal(data));
        time("unseal", () -> tao.unseal(blob));
      }
    }
  }

  private static void time(String name, Call call) throws Exception {
    long[] nanos = new long[CALLS];
    for (int i = 0; i < CALLS; i++) {
      long begun = System.nanoTime();
      call.run();
      nanos[i] = System.nanoTime() - begun;
    }
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT, "%s %.1f %.1f%n", name, nanos[CALLS / 2] / 1e3, nanos[CALLS / 10] / 1e3);
  }
}
