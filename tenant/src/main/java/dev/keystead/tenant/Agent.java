package dev.keystead.tenant;

import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.Nonce;
import dev.keystead.keylime.bootstrap.UKey;
import dev.keystead.keylime.bootstrap.VerifyChallenge;
import dev.keystead.keylime.bootstrap.VerifyReply;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.keylime.quote.QuoteQuery;
import dev.keystead.keylime.quote.QuoteReply;
import java.util.Optional;

/** An agent as the owner uses it (section 4 of the wire). */
final class Agent {
  private static final int BAD_REQUEST = 400;
  private final Correspondent correspondent;
  private final VersionedPath path;

  /** Agrees on a version, or speaks the one that is wanted if the agent speaks it, too. */
  Agent(Correspondent correspondent, Optional<ApiVersion> wanted) {
    this.correspondent = correspondent;
    this.path = VersionedPath.agree(correspondent, wanted);
  }

  ApiVersion version() {
    return path.version();
  }

  /** A quote of the payload key alone. */
  QuoteReply identity(Nonce nonce) {
    String query = new QuoteQuery.Identity(nonce).toQuery();
    return correspondent.results(
        correspondent.get(path.path("quotes/identity?" + query)),
        "its identity quote",
        QuoteReply::parse);
  }

  /** A quote of PCR 10 with the whole measurement list. */
  QuoteReply measurements(Nonce nonce) {
    PcrMask mask = PcrMask.NONE.with(PcrMask.IMA_PCR);
    String query = new QuoteQuery.Integrity(nonce, mask, true, 0).toQuery();
    return correspondent.results(
        correspondent.get(path.path("quotes/integrity?" + query), Limits.EVIDENCE),
        "its measurements",
        QuoteReply::parse);
  }

  /** Gives it share U and the payload. */
  void giveShare(AgentId id, UKey share) {
    correspondent.requireSuccess(
        correspondent.post(path.path("keys/ukey"), share.toJson()), "share U for " + id);
  }

  /** Its proof that it has the bootstrap key; none before it has both shares. */
  Optional<VerifyReply> proveKey(VerifyChallenge challenge) {
    Correspondent.Reply reply = correspondent.get(path.path("keys/verify?" + challenge.toQuery()));
    if (reply.status() == BAD_REQUEST && reply.envelope().status().equals(VerifyReply.NOT_YET)) {
      return Optional.empty();
    }
    return Optional.of(
        correspondent.results(reply, "the proof of its bootstrap key", VerifyReply::parse));
  }
}
