package dev.keystead.bench;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

/** How times are spread, in milliseconds. */
record Spread(double least, double median, double ninth, double most) {
  static Spread of(Stream<Duration> times) {
    double[] millis = times.mapToDouble(time -> time.toNanos() / 1e6).sorted().toArray();
    return new Spread(
        millis[0],
        millis[millis.length / 2],
        millis[millis.length * 9 / 10],
        millis[millis.length - 1]);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "median %.2f ms, least %.2f, nine of ten below %.2f, most %.2f",
        median,
        least,
        ninth,
        most);
  }
}
