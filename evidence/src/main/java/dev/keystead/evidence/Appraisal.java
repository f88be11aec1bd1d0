package dev.keystead.evidence;

import java.time.Instant;
import java.util.List;

/**
 * What evidence was found to be worth.
 *
 * @param at when it was appraised
 * @param findings what is wrong, the first hundred; empty when nothing is
 * @param findingCount how much is wrong in all
 * @param covered how much the evidence covers in all, this appraisal and those before it
 * @param notChecked what there was nothing to judge by, in words; it decides nothing
 * @param softwareTpm whether the TPM is known to be software
 */
public record Appraisal(
    Instant at,
    List<Finding> findings,
    long findingCount,
    Covered covered,
    List<String> notChecked,
    boolean softwareTpm) {
  /**
   * Counts of what was judged in this boot of the machine.
   *
   * @param bootEvents events of the boot log
   * @param imaEntries entries of the measurement list
   * @param files those of them that are files
   */
  public record Covered(int bootEvents, long imaEntries, long files) {}

  /** Copies the lists, and requires that they fit the count. */
  public Appraisal {
    findings = List.copyOf(findings);
    notChecked = List.copyOf(notChecked);
    if (findings.isEmpty() != (findingCount == 0)) {
      throw new IllegalArgumentException("findings that do not fit their count");
    }
  }

  /** Whether nothing is wrong. */
  public boolean trusted() {
    return findingCount == 0;
  }
}
