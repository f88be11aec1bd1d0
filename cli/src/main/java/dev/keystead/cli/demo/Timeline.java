package dev.keystead.cli.demo;

import dev.keystead.evidence.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** What happened when, and how long it took; printed as it happens. */
final class Timeline {
  private final PrintWriter out;
  private final boolean text;
  private final String folder;
  private final long start = System.nanoTime();
  private final List<Json> steps = new ArrayList<>();
  private volatile boolean ok = true;

  /** Starts now; paths below {@code folder} are told without it. */
  Timeline(PrintWriter out, boolean text, Path folder) {
    this.folder = folder + "/";
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

  /** What a step does; it returns what was seen, in words. */
  @FunctionalInterface
  interface Body {
    String happen() throws IOException, InterruptedException, GeneralSecurityException;
  }

  /** Does a step and records that it was seen to happen; see {@link #since}. */
  void step(String what, String who, Body body) throws InterruptedException {
    Duration begun = now();
    since(() -> begun, what, who, body);
  }

  /**
   * Does a step whose time counts from an earlier moment.
   *
   * @throws DemoException when it did not happen, which is recorded
   */
  void since(Supplier<Duration> begun, String what, String who, Body body)
      throws InterruptedException {
    try {
      String seen = body.happen();
      seen(what, who, begun.get(), seen);
    } catch (DemoException | IOException | GeneralSecurityException e) {
      throw failed(what, who, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      throw failed(what, who, e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  /** Records a part of a step that was seen to happen, and returns the time now. */
  Duration seen(String what, String who, Duration begun, String detail) {
    Duration end = now();
    record(what, who, end.minus(begun), true, detail);
    return end;
  }

  private DemoException failed(String what, String who, String detail) {
    ok = false;
    record(what, who, Duration.ZERO, false, detail);
    return new DemoException(detail);
  }

  /** How long ago the timeline started. */
  Duration now() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private synchronized void record(
      String what, String who, Duration took, boolean good, String words) {
    String detail = words.replace(folder, "");
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
