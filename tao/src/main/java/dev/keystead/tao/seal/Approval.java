package dev.keystead.tao.seal;

import dev.keystead.tao.Measurement;
import java.time.Instant;

/** The owner's verified word that a program may open what any approved program has sealed. */
public final class Approval implements Credential {
  private final Measurement measurement;
  private final Instant notBefore;
  private final Instant notAfter;

  Approval(Measurement measurement, Instant notBefore, Instant notAfter) {
    this.measurement = measurement;
    this.notBefore = notBefore;
    this.notAfter = notAfter;
  }

  @Override
  public Measurement measurement() {
    return measurement;
  }

  /** Whether the owner's word holds at this time. */
  boolean holdsAt(Instant now) {
    return !now.isBefore(notBefore) && !now.isAfter(notAfter);
  }
}
