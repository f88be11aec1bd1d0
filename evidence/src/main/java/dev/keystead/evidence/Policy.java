package dev.keystead.evidence;

import dev.keystead.evidence.launch.LaunchLog;
import dev.keystead.evidence.launch.LaunchPolicy;
import dev.keystead.evidence.policy.PcrPolicy;
import dev.keystead.evidence.policy.RuntimePolicy;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.tpm.structure.HashAlg;
import java.util.Optional;

/**
 * What one machine is judged by.
 *
 * @param revision changes whenever anything else here does; another revision starts the history
 *     anew
 * @param quotes verifies the machine's quotes: its attestation key and the accepted algorithms
 * @param bank the PCR bank that is judged
 * @param pcrs required PCRs and their values
 * @param files what may be measured while the machine runs
 * @param boot what its boot is compared with
 * @param payloadKeyBound whether PCR 16 must bind a payload key
 * @param softwareTpm whether its TPM is known to be software; this is only passed on
 * @param launches which programs its host may start
 */
public record Policy(
    String revision,
    QuoteVerifier quotes,
    HashAlg bank,
    Optional<PcrPolicy> pcrs,
    Optional<RuntimePolicy> files,
    Optional<BootPolicy> boot,
    boolean payloadKeyBound,
    boolean softwareTpm,
    Optional<LaunchPolicy> launches) {
  private static final int LONGEST_REVISION = 128;
  private static final int IMA_PCR = 1 << 10;

  /** Refuses a revision that is too long to keep. */
  public Policy {
    if (revision.length() > LONGEST_REVISION) {
      throw new IllegalArgumentException(
          "a revision of more than %d characters".formatted(LONGEST_REVISION));
    }
  }

  /** A policy that says nothing about programs of a host. */
  public Policy(
      String revision,
      QuoteVerifier quotes,
      HashAlg bank,
      Optional<PcrPolicy> pcrs,
      Optional<RuntimePolicy> files,
      Optional<BootPolicy> boot,
      boolean payloadKeyBound,
      boolean softwareTpm) {
    this(revision, quotes, bank, pcrs, files, boot, payloadKeyBound, softwareTpm, Optional.empty());
  }

  /** The same with a policy for the programs of a host. */
  public Policy withLaunches(LaunchPolicy allowed) {
    return new Policy(
        revision,
        quotes,
        bank,
        pcrs,
        files,
        boot,
        payloadKeyBound,
        softwareTpm,
        Optional.of(allowed));
  }

  /** The PCRs of the bank that a quote must cover for this policy to be judged: bit i is PCR i. */
  public int requiredPcrs() {
    return pcrs.map(PcrPolicy::mask).orElse(0)
        | boot.map(BootPolicy::pcrMask).orElse(0)
        | (files.isPresent() ? IMA_PCR : 0)
        | (launches.isPresent() ? 1 << LaunchLog.PCR : 0)
        | (payloadKeyBound ? 1 << PcrPolicy.PAYLOAD_PCR : 0);
  }
}
