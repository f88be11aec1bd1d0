package dev.keystead.evidence.ear;

import dev.keystead.evidence.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One appraisal as it is told to others.
 *
 * @param submodule what was appraised, such as {@code machine}; not empty
 * @param status the whole verdict; no claim is worse
 * @param claims AR4SI claims that were judged, by their names; those that are absent were not
 * @param policyId names the policy
 * @param findings all that was wrong
 * @param issuedAt when it was appraised
 * @param nonce of the relying party, for freshness
 */
public record AttestationResult(
    String submodule,
    TrustTier status,
    Map<Claim, TrustTier> claims,
    Optional<String> policyId,
    List<Finding> findings,
    Instant issuedAt,
    Optional<String> nonce) {

  /** The claims of a trustworthiness vector (AR4SI, 2.3) that we can make. */
  public enum Claim {
    /** The TPM and its certificate. */
    HARDWARE("hardware"),
    /** The machine is the one that it says it is. */
    INSTANCE_IDENTITY("instance-identity"),
    /** Firmware and boot settings. */
    CONFIGURATION("configuration"),
    /** What runs. */
    EXECUTABLES("executables"),
    /** Files. */
    FILE_SYSTEM("file-system");

    private final String label;

    Claim(String label) {
      this.label = label;
    }

    /** The member's name. */
    public String label() {
      return label;
    }
  }

  /** Refuses a verdict that contradicts its own claims or findings. */
  public AttestationResult {
    claims = Map.copyOf(claims);
    findings = List.copyOf(findings);
    if (submodule.isEmpty()) {
      throw new IllegalArgumentException("a result without a submodule");
    }
    for (TrustTier claim : claims.values()) {
      if (claim.compareTo(status) > 0 && status != TrustTier.NONE) {
        throw new IllegalArgumentException("a claim is worse than the status");
      }
    }
    if (status == TrustTier.AFFIRMING && !findings.isEmpty()) {
      throw new IllegalArgumentException("findings in an affirming result");
    }
  }
}
