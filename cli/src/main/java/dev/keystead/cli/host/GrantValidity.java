package dev.keystead.cli.host;

import dev.keystead.cli.CommandException;
import dev.keystead.tao.attestation.Validity;
import java.time.Duration;
import java.time.InstantSource;
import picocli.CommandLine.Option;

/** How long an owner's word about a host holds. */
final class GrantValidity {
  private static final int MAX_DAYS = 3650;

  @Option(
      names = "--days",
      paramLabel = "DAYS",
      defaultValue = "365",
      description = "How long the owner's grant holds (default: 365).")
  private int days;

  Validity fromNow() {
    if (days < 1 || days > MAX_DAYS) {
      throw CommandException.usage("--days is 1 to " + MAX_DAYS);
    }
    return Validity.from(InstantSource.system().instant(), Duration.ofDays(days));
  }
}
