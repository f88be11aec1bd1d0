package dev.keystead.control.verifier;

import dev.keystead.evidence.History;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.quote.QuoteAlgorithms;
import dev.keystead.keylime.revocation.KeylimeEvent;
import java.util.List;
import java.util.Optional;

/** What came of one round with a node. There is no other way for a round to end. */
sealed interface Outcome {
  /** The evidence is good; in the push model no payload key is bound to it. */
  record Passed(History history, Optional<PayloadKey> payloadKey, QuoteAlgorithms algorithms)
      implements Outcome {}

  /**
   * The node has to be asked again at once before it can be judged: it was booted or its agent
   * restarted since, so that what was learned of it before does not stand.
   */
  record AskAgain(History history, String reason) implements Outcome {}

  /** The evidence is bad. */
  record Refused(KeylimeEvent event, List<String> reasons) implements Outcome {
    /** Whether the evidence is no evidence, as opposed to evidence of something not allowed. */
    boolean provesNothing() {
      return event.id().startsWith("qoute_validation.") || event.id().startsWith("internal.");
    }
  }

  /** The node answered, but not with evidence. */
  record NoEvidence(String event, String reason) implements Outcome {}

  /** The node does not speak the version that it was spoken to in. */
  record OtherVersion(String reason) implements Outcome {}

  /** The node was not reached, or asks to be tried again. */
  record NotReached(String reason) implements Outcome {}
}
