package dev.keystead.tao.host;

import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.attestation.HostEndorsement;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What a host that is a program needs to know besides the host below it.
 *
 * @param policyKey PK0, the same at every layer
 * @param endorsement the owner's word that this program is a host
 * @param credentials what is known about the programs on it
 * @param validity how long what it attests holds, at least a second
 * @param clock the time
 */
public record HostSettings(
    PolicyKey policyKey,
    HostEndorsement endorsement,
    Credentials credentials,
    Duration validity,
    InstantSource clock) {
  /** Requires a validity of at least a second. */
  public HostSettings {
    if (validity.toSeconds() < 1) {
      throw new IllegalArgumentException("what a host attests holds for at least a second");
    }
  }
}
