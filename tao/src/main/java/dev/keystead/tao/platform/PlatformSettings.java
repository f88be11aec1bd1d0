package dev.keystead.tao.platform;

import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.host.Credentials;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.template.EkTemplate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * What the TPM host needs to know besides its TPM.
 *
 * @param policyKey PK0
 * @param endorsementKey which of the TPM's endorsement keys names it
 * @param selection the PCRs that measure the operating system
 * @param certificate of the attestation key, by the policy key
 * @param approvals the PCR states in which the root may be unsealed
 * @param credentials what is known about operating systems
 * @param validity how long what it attests holds, at least a second
 * @param clock the time
 */
public record PlatformSettings(
    PolicyKey policyKey,
    EkTemplate endorsementKey,
    PcrSelection selection,
    AttestCertificate certificate,
    List<PcrApproval> approvals,
    Credentials credentials,
    Duration validity,
    InstantSource clock) {
  /** Requires a validity of at least a second, and PCRs to measure by. */
  public PlatformSettings {
    approvals = List.copyOf(approvals);
    if (validity.toSeconds() < 1) {
      throw new IllegalArgumentException("what a host attests holds for at least a second");
    }
    if (selection.banks().stream().allMatch(bank -> bank.mask() == 0)) {
      throw new IllegalArgumentException("no PCR is selected");
    }
  }
}
