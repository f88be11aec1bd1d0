package dev.keystead.tenant;

import java.time.Duration;

/** Tells a listener how long each step took. */
final class Stopwatch {
  private final Progress progress;
  private final long start = System.nanoTime();
  private long last = start;

  Stopwatch(Progress progress) {
    this.progress = progress;
  }

  void done(Progress.Stage stage, String detail) {
    long now = System.nanoTime();
    progress.done(stage, detail, Duration.ofNanos(now - last));
    last = now;
  }

  Duration total() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
