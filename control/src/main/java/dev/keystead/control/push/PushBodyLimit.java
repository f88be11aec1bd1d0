package dev.keystead.control.push;

import dev.keystead.http.BodyLimit;
import dev.keystead.http.Headers;
import dev.keystead.http.Peer;
import dev.keystead.http.Target;
import dev.keystead.keylime.push.CollectedEvidence;

/** Evidence is large, and taken only from somebody whose token is good. */
public final class PushBodyLimit implements BodyLimit {
  private final PushRoutes push;
  private final BodyLimit others;

  /** Everything but evidence is limited as {@code others} say. */
  public PushBodyLimit(PushRoutes push, BodyLimit others) {
    this.push = push;
    this.others = others;
  }

  @Override
  public int maxBytes(String method, Target target) {
    return others.maxBytes(method, target);
  }

  @Override
  public int maxBytes(String method, Target target, Peer peer) {
    return others.maxBytes(method, target, peer);
  }

  @Override
  public int maxBytes(String method, Target target, Headers headers, Peer peer) {
    boolean evidence =
        method.equals("PATCH")
            && target.segments().size() == 5
            && target.segments().get(3).equals("attestations")
            && push.knows(headers.all("Authorization"));
    return evidence ? CollectedEvidence.LIMITS.bytes() : maxBytes(method, target, peer);
  }
}
