package dev.keystead.evidence.policy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaReader;
import dev.keystead.evidence.ima.Keyring;
import dev.keystead.evidence.quote.PcrValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * What a runtime policy says of a measurement list, without a quote: nothing here proves that the
 * list is a machine's. All entries are judged, also behind the first that is refused.
 *
 * @param entries how many the list has
 * @param refused how many of them the policy does not allow
 * @param findings the first hundred of these, with the reason
 */
public record PolicyTrial(long entries, long refused, List<Finding> findings) {
  private static final int MOST_FINDINGS = 100;

  /**
   * Judges a list, binary or ASCII, from its first entry.
   *
   * @throws EvidenceException when the list cannot be read
   */
  public static PolicyTrial of(RuntimePolicy policy, byte[] list) {
    ImaJudge judge = new ImaJudge(policy, Keyring.EMPTY, new PcrValues(new LinkedHashMap<>()));
    ImaReader reader = ImaReader.of(list, 0, policy.templateHash());
    List<Finding> findings = new ArrayList<>();
    long entries = 0;
    long refused = 0;
    for (Optional<ImaEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
      entries++;
      try {
        var _ = judge.judge(e.get());
      } catch (EvidenceException refusal) {
        refused++;
        if (findings.size() < MOST_FINDINGS) {
          findings.add(refusal.finding());
        }
      }
    }
    return new PolicyTrial(entries, refused, List.copyOf(findings));
  }

  /** Whether the policy allows all of the list. */
  public boolean allowed() {
    return refused == 0;
  }
}
