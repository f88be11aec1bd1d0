package dev.keystead.control.push;

import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * So many in a minute for each name, counted from its first. When more names are counted than can
 * be kept, those that are new are refused: a flood of names cannot make the counts forgotten.
 */
final class RateLimit {
  private static final long MINUTE = 60_000;

  private final int perMinute;
  private final int mostNames;
  private final InstantSource clock;
  private final Map<String, Window> windows = new LinkedHashMap<>();

  private static final class Window {
    final long start;
    int count;

    Window(long start) {
      this.start = start;
    }
  }

  RateLimit(int perMinute, int mostNames, InstantSource clock) {
    this.perMinute = perMinute;
    this.mostNames = mostNames;
    this.clock = clock;
  }

  /**
   * Counts one.
   *
   * @throws Later when it is one too many
   */
  synchronized void take(String name, String whose) {
    long now = clock.millis();
    forget(now);
    Window window = windows.get(name);
    if (window == null && windows.size() >= mostNames) {
      throw Later.tooMany(60, "Too many sessions are opened. Please try again later.");
    }
    if (window == null) {
      window = new Window(now);
      windows.put(name, window);
    }
    if (window.count >= perMinute) {
      long left = Math.max(1, (window.start + MINUTE - now + 999) / 1000);
      throw Later.tooMany(
          left, "Rate limit exceeded for this " + whose + ". Please try again later.");
    }
    window.count++;
  }

  /** The oldest come first. */
  private void forget(long now) {
    Iterator<Window> oldest = windows.values().iterator();
    while (oldest.hasNext() && oldest.next().start + MINUTE <= now) {
      oldest.remove();
    }
  }
}
