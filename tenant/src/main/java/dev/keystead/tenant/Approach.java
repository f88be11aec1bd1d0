package dev.keystead.tenant;

import dev.keystead.keylime.ApiVersion;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an agent is reached, where that is not as the registrar says.
 *
 * @param host where the owner reaches it
 * @param port likewise
 * @param verifierHost where the verifier is to reach it, when that is elsewhere
 * @param version the version to speak with it, which it must know; negotiated when empty
 * @param push whether it brings its evidence to the verifier by itself, and is not spoken to
 */
public record Approach(
    Optional<String> host,
    OptionalInt port,
    Optional<String> verifierHost,
    Optional<ApiVersion> version,
    boolean push) {
  /** As the registrar says. */
  public static final Approach REGISTERED =
      new Approach(
          Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty(), false);
}
