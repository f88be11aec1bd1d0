package dev.keystead.control.verifier;

import java.time.Duration;

/**
 * When a verifier does what.
 *
 * @param interval from the end of one round with a node to the start of the next
 * @param deadline a node whose last good evidence is older is not shown as trusted
 * @param request how long a node may take for one answer
 * @param retries how often a node that is not reached is tried again
 * @param retry the pause before the first of these, doubled before each further one
 * @param checkpoint how often progress is written down, at most, while all is good
 * @param notice how long a recipient may take to accept a notice
 * @param noticeRetry the longest pause between attempts to deliver one
 * @param noticeLife how long delivering one is tried
 */
public record Timing(
    Duration interval,
    Duration deadline,
    Duration request,
    int retries,
    Duration retry,
    Duration checkpoint,
    Duration notice,
    Duration noticeRetry,
    Duration noticeLife) {
  /** Keylime's: every 2 s, five retries after 2, 4, 8, 16 and 32 s; answers within 30 s. */
  public static final Timing DEFAULT =
      new Timing(
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          5,
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofHours(24));

  /** Refuses times that are not positive. */
  public Timing {
    for (Duration time :
        new Duration[] {
          interval, deadline, request, retry, checkpoint, notice, noticeRetry, noticeLife
        }) {
      if (time.toMillis() < 1) {
        throw new IllegalArgumentException("times must be at least 1 ms");
      }
    }
    if (retries < 0 || retries > 16) {
      throw new IllegalArgumentException("retries must be 0 to 16");
    }
  }

  /** Every {@code interval}, trusted for five of them; the rest as it is. */
  public Timing every(Duration interval) {
    return new Timing(
        interval,
        interval.multipliedBy(5),
        request,
        retries,
        retry,
        checkpoint,
        notice,
        noticeRetry,
        noticeLife);
  }

  /** With another time for an answer, and other retries. */
  public Timing answering(Duration request, int retries, Duration retry) {
    return new Timing(
        interval, deadline, request, retries, retry, checkpoint, notice, noticeRetry, noticeLife);
  }

  /** With other times for notices. */
  public Timing telling(Duration notice, Duration noticeRetry, Duration noticeLife) {
    return new Timing(
        interval, deadline, request, retries, retry, checkpoint, notice, noticeRetry, noticeLife);
  }

  /**
   * After how long a node that comes to us with its evidence is unknown: five intervals, of at
   * least a second since agents are told whole seconds.
   */
  Duration silence() {
    Duration second = Duration.ofSeconds(1);
    return (interval.compareTo(second) < 0 ? second : interval).multipliedBy(5);
  }

  /** The pause before a retry; the first is number 1. */
  Duration pause(int number) {
    return retry.multipliedBy(1L << (number - 1));
  }
}
