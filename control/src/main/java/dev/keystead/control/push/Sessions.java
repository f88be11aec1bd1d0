package dev.keystead.control.push;

import dev.keystead.http.HttpRefusal;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.push.Challenge;
import dev.keystead.keylime.push.SessionChallenge;
import dev.keystead.keylime.push.SessionId;
import dev.keystead.keylime.push.SessionResult.Granted;
import dev.keystead.keylime.push.SessionToken;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who has proved to be an agent, and lately. Sessions live in memory only, and of a token only a
 * hash: who reads the database or the memory of one moment has no token. After a restart of the
 * verifier agents prove themselves again (docs/decisions/0019).
 */
final class Sessions {
  private static final String SCHEME = "Bearer ";
  private static final int PER_NODE = 4;

  private final PushLimits limits;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<SessionId, SessionChallenge> open = new LinkedHashMap<>();
  private final Map<SessionId, Grant> granted = new HashMap<>();
  private final Map<AgentId, List<Grant>> byAgent = new HashMap<>();
  private Instant swept = Instant.MIN;

  private static final class Grant {
    final SessionId session;
    final PushNode node;
    final byte[] hash;
    Instant expires;

    Grant(SessionId session, PushNode node, byte[] hash, Instant expires) {
      this.session = session;
      this.node = node;
      this.hash = hash;
      this.expires = expires;
    }
  }

  Sessions(PushLimits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /** Opens a session: for whom, is not known before its proof. */
  synchronized SessionChallenge open(AgentId agent) {
    Instant now = clock.instant();
    Iterator<SessionChallenge> oldest = open.values().iterator();
    while (oldest.hasNext()) {
      SessionChallenge session = oldest.next();
      boolean old = session.expires().plus(limits.challenge()).isBefore(now);
      if (!old && open.size() < limits.open()) {
        break;
      }
      oldest.remove();
    }
    SessionChallenge session =
        new SessionChallenge(
            SessionId.generate(),
            agent,
            Challenge.generate(random),
            now,
            now.plus(limits.challenge()));
    open.put(session.id(), session);
    return session;
  }

  /** Takes a session that waits for its proof; it can be taken once. */
  synchronized Optional<SessionChallenge> take(SessionId id) {
    return Optional.ofNullable(open.remove(id));
  }

  /** Lets a node in that has proved itself. Its oldest token ends when it has too many. */
  synchronized Granted grant(SessionId session, PushNode node) {
    Instant now = clock.instant();
    sweep(now);
    SessionToken token = SessionToken.generate(session, random);
    Instant expires = now.plus(limits.token());
    List<Grant> own = byAgent.computeIfAbsent(node.id(), _ -> new ArrayList<>());
    if (own.size() >= PER_NODE) {
      granted.remove(own.removeFirst().session);
    }
    Grant grant = new Grant(session, node, hash(token), expires);
    own.add(grant);
    granted.put(session, grant);
    return new Granted(token, expires);
  }

  /**
   * The node whose token this is.
   *
   * @param authorization the values of that header field
   * @throws HttpRefusal 403 without a token, 401 with one that is not good
   */
  synchronized PushNode authenticate(List<String> authorization) {
    if (authorization.isEmpty()) {
      throw new HttpRefusal(
          403, "Action submit_attestation requires agent authentication (PoP token)");
    }
    Optional<SessionToken> token = token(authorization);
    Grant grant = token.map(t -> granted.get(t.session())).orElse(null);
    if (grant == null
        || !MessageDigest.isEqual(grant.hash, hash(token.orElseThrow()))
        || !grant.expires.isAfter(clock.instant())) {
      throw new HttpRefusal(401, "Invalid authentication token");
    }
    return grant.node;
  }

  private static Optional<SessionToken> token(List<String> authorization) {
    String value = authorization.getFirst();
    if (authorization.size() != 1 || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    try {
      return Optional.of(SessionToken.parse(value.substring(SCHEME.length())));
    } catch (WireException e) {
      return Optional.empty();
    }
  }

  /** Good evidence came: the tokens of the node that are good still are good for longer. */
  synchronized void extend(PushNode node) {
    Instant now = clock.instant();
    for (Grant grant : byAgent.getOrDefault(node.id(), List.of())) {
      if (grant.node.equals(node) && grant.expires.isAfter(now)) {
        grant.expires = now.plus(limits.token());
      }
    }
  }

  /** Forgets what is over, now and then: nodes that are watched no more are held by nothing. */
  private void sweep(Instant now) {
    if (swept.isAfter(now.minus(limits.challenge()))) {
      return;
    }
    swept = now;
    granted.values().removeIf(grant -> !grant.expires.isAfter(now));
    byAgent.values().forEach(own -> own.removeIf(grant -> !grant.expires.isAfter(now)));
    byAgent.values().removeIf(List::isEmpty);
  }

  private static byte[] hash(SessionToken token) {
    return HashAlg.SHA256.hash(token.text().getBytes(StandardCharsets.US_ASCII));
  }
}
