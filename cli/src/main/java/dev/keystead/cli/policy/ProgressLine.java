package dev.keystead.cli.policy;

import dev.keystead.tenant.policy.Meter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A line that says how far the hashing is, written over itself on a terminal; nothing anywhere
 * else. It begins after a moment, so that short work shows none.
 */
final class ProgressLine implements AutoCloseable {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
  private static final long INTERVAL_MILLIS = 250;

  private final PrintWriter out;
  private final Meter meter;
  private final Thread shown;

  private ProgressLine(PrintWriter out, Meter meter, boolean terminal) {
    this.out = out;
    this.meter = meter;
    this.shown =
        terminal ? Thread.ofVirtual().start(this::show) : Thread.ofVirtual().unstarted(() -> {});
  }

  /** Starts it, if standard error is a person's terminal. */
  static ProgressLine start(PrintWriter out, Meter meter) {
    return new ProgressLine(out, meter, isTerminal());
  }

  private static boolean isTerminal() {
    try {
      Path target = Files.readSymbolicLink(STANDARD_ERROR);
      return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  private void show() {
    long start = System.nanoTime();
    try {
      while (true) {
        Thread.sleep(INTERVAL_MILLIS);
        double seconds = (System.nanoTime() - start) / 1e9;
        double megabytes = meter.bytes() / 1e6;
        out.printf(
            Locale.ROOT,
            "\r%,10d files  %,10.0f MB  %,6.0f MB/s ",
            meter.files(),
            megabytes,
            megabytes / seconds);
        out.flush();
      }
    } catch (InterruptedException e) {
      out.print("\r" + " ".repeat(60) + "\r");
      out.flush();
    }
  }

  @Override
  public void close() {
    shown.interrupt();
    try {
      shown.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
