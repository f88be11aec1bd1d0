package dev.keystead.cli.demo;

import dev.keystead.evidence.json.Json;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened when, and how long it took; printed as it happens. */
final class Timeline {
  private final PrintWriter out;
  private final boolean text;
  private final long start = System.nanoTime();
  private final List<Json> steps = new ArrayList<>();
  private boolean ok = true;

  /** Starts now. */
  Timeline(PrintWriter out, boolean text) {
    this.out = out;
    this.text = text;
  }

  /** Prints a line between the steps. */
  void say(String line) {
    if (text) {
      out.println(line);
      out.flush();
    }
  }

  /** Records a step that was seen to happen. */
  void done(String what, String who, Duration took, String detail) {
    record(what, who, took, true, detail);
  }

  /** Records that the step did not happen. */
  void failed(String what, String who, String detail) {
    ok = false;
    record(what, who, Duration.ZERO, false, detail);
  }

  /** How long ago the timeline started. */
  Duration now() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void record(String what, String who, Duration took, boolean good, String detail) {
    Duration at = now();
    steps.add(
        Json.object()
            .put("step", what)
            .put("who", who)
            .put("ok", good)
            .put("atMillis", number(at))
            .put("tookMillis", number(took))
            .put("detail", detail)
            .build());
    say(
        "%7.3f s  %-6s %-14s %-13s %10s  %s"
            .formatted(
                at.toNanos() / 1e9,
                good ? "ok" : "FAILED",
                what,
                who,
                took.isZero() ? "" : String.format(Locale.ROOT, "%.1f ms", took.toNanos() / 1e6),
                detail));
  }

  private static Json number(Duration time) {
    return new Json.Num(String.format(Locale.ROOT, "%.3f", time.toNanos() / 1e6));
  }

  /** Whether nothing failed. */
  boolean ok() {
    return ok;
  }

  /** All steps as JSON. */
  Json steps() {
    return Json.array(steps);
  }
}
