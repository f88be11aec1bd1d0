package dev.keystead.control.push;

import dev.keystead.evidence.Evidence;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.push.AttestationReport.Verdict;
import dev.keystead.keylime.quote.PcrMask;
import java.util.concurrent.CompletionStage;

/**
 * A node that brings its evidence, as the verifier watches it. Another object takes its place when
 * the owner enrols, stops or reactivates it; what was agreed with this one is worth nothing then.
 */
public interface PushNode {
  /** Its name. */
  AgentId id();

  /** The key of its quotes. */
  AttestationKey key();

  /**
   * Requires that the owner accepts the algorithms of its key.
   *
   * @throws dev.keystead.evidence.EvidenceException with ALGORITHM_REFUSED
   */
  void requireAccepted();

  /** The PCRs that its policy needs, in the bank of its key's hash. */
  PcrMask mask();

  /** Whether its measurement list is judged. */
  boolean needsIma();

  /** Whether its boot log is judged. */
  boolean needsBootLog();

  /** How many entries of its list have been judged. */
  long nextImaEntry();

  /** Whether it may bring evidence: false once it is not trusted any more. */
  boolean isAccepting();

  /** What it has been asked and has shown. */
  Attestations attestations();

  /** Judges evidence and acts on it, in time. */
  CompletionStage<Verdict> judge(Evidence evidence);

  /** What came from it as evidence cannot be read: it is not trusted any more. */
  void unreadable(String detail);
}
