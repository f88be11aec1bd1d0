package dev.keystead.control.push;

import java.time.Duration;

/**
 * How much agents may ask for, and how long what they are given is good.
 *
 * @param perAddress sessions that may be opened from one address in a minute
 * @param perAgent sessions that may be opened for one agent from one address in a minute
 * @param open sessions that wait for their proof, all together
 * @param challenge how long a session waits
 * @param token how long a token is good, counted anew with each good attestation
 * @param evidence how long an attestation waits for its evidence
 * @param evaluations attestations that are judged, or wait for it, at one time
 */
public record PushLimits(
    int perAddress,
    int perAgent,
    int open,
    Duration challenge,
    Duration token,
    Duration evidence,
    int evaluations) {
  /** Keylime's: 50 and 15 sessions; 60 s, 3 minutes and half an hour. */
  public static final PushLimits DEFAULT =
      new PushLimits(
          50,
          15,
          1 << 16,
          Duration.ofSeconds(60),
          Duration.ofMinutes(3),
          Duration.ofMinutes(30),
          256);
}
