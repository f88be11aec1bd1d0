package dev.keystead.tenant;

import dev.keystead.tenant.TenantException.Problem;
import java.time.Duration;

/** Waiting between two questions. */
final class Pause {
  private Pause() {}

  static void of(Duration duration, String what) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TenantException(Problem.UNREACHABLE, "interrupted while waiting " + what, e);
    }
  }
}
