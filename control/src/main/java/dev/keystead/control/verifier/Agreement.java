package dev.keystead.control.verifier;

import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.VersionReply;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.revocation.KeylimeEvent;
import java.util.Optional;

/** In which version verifier and node go on, after the node was asked which it speaks. */
sealed interface Agreement {
  /** The highest that both speak. */
  record Version(ApiVersion version) implements Agreement {}

  /** There is none, and that is a failure of the node. */
  record None(Decision decision) implements Agreement {}

  /**
   * Reads the node's answer (section 0 of the wire). Whoever has attested in a version and now
   * knows only older ones is not what it was.
   */
  static Agreement of(Node node, Json.Obj results) {
    Optional<ApiVersion> common;
    try {
      common = ApiVersion.negotiate(VersionReply.parse(results).supported());
    } catch (WireException e) {
      Outcome.Refused refused = Answer.unreadable(String.valueOf(e.getMessage()));
      return new None(Decision.invalid(refused.event(), refused.reasons()));
    }
    if (common.isEmpty()) {
      return none("it speaks no version that is spoken here");
    }
    if (node.state.attestations() > 0 && common.get().compareTo(node.version) < 0) {
      return none(
          "it attested in version %s and now speaks %s at most"
              .formatted(node.version, common.get()));
    }
    return new Version(common.get());
  }

  private static None none(String reason) {
    return new None(Decision.noEvidence(KeylimeEvent.VERSION_NOT_SUPPORTED, reason));
  }
}
