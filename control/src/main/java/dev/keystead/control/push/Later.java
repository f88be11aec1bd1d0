package dev.keystead.control.push;

/** A request that is refused now and may be made again. */
final class Later extends RuntimeException {
  private final int status;
  private final long seconds;

  private Later(int status, long seconds, String reason) {
    super(reason, null, false, false);
    this.status = status;
    this.seconds = seconds;
  }

  static Later tooMany(long seconds, String reason) {
    return new Later(429, seconds, reason);
  }

  static Later busy() {
    return new Later(503, 1, "the verifier is busy");
  }

  int status() {
    return status;
  }

  /** After how many seconds, for Retry-After. */
  long seconds() {
    return seconds;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
