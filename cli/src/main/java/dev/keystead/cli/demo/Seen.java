package dev.keystead.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Events in the order in which they came, to be waited for. */
final class Seen<E> {
  private final List<E> events = new ArrayList<>();

  synchronized void add(E event) {
    events.add(event);
    notifyAll();
  }

  /** How many came so far. */
  synchronized int count() {
    return events.size();
  }

  /**
   * The first event of a type, from number {@code from} on, that is as wanted.
   *
   * @throws DemoException when it does not come in time
   */
  synchronized <T extends E> T await(
      int from, Class<T> type, Predicate<T> wanted, Duration time, String what)
      throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    int next = from;
    while (true) {
      for (; next < events.size(); next++) {
        E event = events.get(next);
        if (type.isInstance(event) && wanted.test(type.cast(event))) {
          return type.cast(event);
        }
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new DemoException("%s did not happen within %d s".formatted(what, time.toSeconds()));
      }
      wait(left);
    }
  }
}
