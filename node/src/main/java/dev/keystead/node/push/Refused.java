package dev.keystead.node.push;

import java.time.Duration;
import java.util.Optional;

/** A verifier did not do what was asked, or what it asked is not done. */
final class Refused extends Exception {
  private final int status;
  private final transient Optional<Duration> after;

  /**
   * The verifier answered with this status.
   *
   * @param after when it wants to be asked again, if it said so
   */
  Refused(int status, String reason, Optional<Duration> after) {
    super(reason, null, false, false);
    this.status = status;
    this.after = after;
  }

  /** We do not do it. */
  Refused(String reason) {
    this(0, reason, Optional.empty());
  }

  boolean saysTokenIsBad() {
    return status == 401;
  }

  Optional<Duration> after() {
    return after;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
