package dev.keystead.bench;

import java.util.OptionalDouble;

/**
 * One benchmark's CPU time held against that of another of the same run.
 *
 * @param benchmark the method that is judged
 * @param bare the method that does only what cannot be avoided
 * @param target how many times the bare time it may take, where there is a target
 */
record Ratio(String benchmark, String bare, OptionalDouble target) {
  /** The ratio and the target in words. */
  String words(double time, double bareTime) {
    double ratio = time / bareTime;
    String text = String.format(java.util.Locale.ROOT, "%.2f x %s", ratio, bare);
    if (target.isEmpty()) {
      return text;
    }
    double limit = target.getAsDouble();
    return "%s, target %s: %s".formatted(text, limit, ratio <= limit ? "met" : "MISSED");
  }
}
