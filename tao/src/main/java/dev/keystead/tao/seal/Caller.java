package dev.keystead.tao.seal;

import dev.keystead.tao.Measurement;
import java.util.List;

/**
 * The program that a host seals and unseals for, as the host has measured it, and what others have
 * said about that measurement.
 *
 * @param credentials all of them about this measurement
 */
public record Caller(Measurement measurement, List<Credential> credentials) {
  /** Requires that every credential is about this program. */
  public Caller {
    credentials = List.copyOf(credentials);
    if (credentials.stream().anyMatch(c -> !c.measurement().equals(measurement))) {
      throw new IllegalArgumentException("a credential of another program");
    }
  }

  /** A program that nobody has said anything about. */
  public Caller(Measurement measurement) {
    this(measurement, List.of());
  }
}
