package dev.keystead.control.registrar;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.bootstrap.AuthTag;
import dev.keystead.keylime.registration.ChallengeBlob;
import dev.keystead.keylime.registration.ChallengeSecret;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Registrations that wait for their TPM to prove itself, in memory. Many may be open for one agent;
 * each is opened once, by the tag that only the TPM with both keys can make. A wrong tag finds
 * nothing and costs nobody anything, so tries are not counted: a secret has 190 bits, and a limit
 * would only be a way to close somebody else's proposal. What is proposed again without a change is
 * the same proposal with the same challenge. Bounded in number, in number for one agent, in bytes
 * and in age; the oldest goes first.
 */
final class Proposals {
  /**
   * How much may wait.
   *
   * @param total proposals
   * @param perAgent proposals with one id
   * @param bytes of all
   * @param age of each
   */
  record Limits(int total, int perAgent, long bytes, Duration age) {
    /** 16,384, 4,096 for one id, 48 MiB, 10 minutes. */
    static final Limits DEFAULT = new Limits(16_384, 4_096, 48L << 20, Duration.ofMinutes(10));

    /** These limits with another age. */
    Limits lasting(Duration age) {
      return new Limits(total, perAgent, bytes, age);
    }
  }

  private record Proposal(
      Candidate candidate, String fingerprint, String tagKey, ChallengeBlob blob, long opened) {}

  private final Limits limits;
  private final InstantSource clock;
  private final SecureRandom random;
  private final byte[] tagMask = new byte[32];

  // By fingerprint, oldest first, in all and for each agent.
  private final LinkedHashMap<String, Proposal> open = new LinkedHashMap<>();
  private final Map<AgentId, LinkedHashMap<String, Proposal>> ofAgent = new HashMap<>();
  private final Map<String, Proposal> byTag = new HashMap<>();
  private long bytes;

  Proposals(Limits limits, InstantSource clock, SecureRandom random) {
    this.limits = limits;
    this.clock = clock;
    this.random = random;
    random.nextBytes(tagMask);
  }

  /**
   * The challenge for a candidate: a new one, or the one that is open for exactly this candidate.
   *
   * @param protection hides a secret so that only the candidate's TPM can open it
   */
  ChallengeBlob open(Candidate candidate, Function<byte[], ChallengeBlob> protection) {
    String fingerprint = HexFormat.of().formatHex(candidate.fingerprint());
    synchronized (this) {
      expire();
      Optional<ChallengeBlob> same = young(fingerprint);
      if (same.isPresent()) {
        return same.get();
      }
    }
    Proposal proposal = propose(candidate, fingerprint, protection);
    synchronized (this) {
      Optional<ChallengeBlob> same = young(fingerprint);
      if (same.isPresent()) {
        return same.get();
      }
      add(proposal);
      bound(candidate.id());
      return proposal.blob;
    }
  }

  /** The open challenge, unless it is past half its age and would soon be gone. */
  private Optional<ChallengeBlob> young(String fingerprint) {
    Proposal same = open.get(fingerprint);
    return same != null && same.opened > clock.millis() - limits.age.toMillis() / 2
        ? Optional.of(same.blob)
        : Optional.empty();
  }

  private Proposal propose(
      Candidate candidate, String fingerprint, Function<byte[], ChallengeBlob> protection) {
    try (ChallengeSecret secret = ChallengeSecret.generate(random)) {
      byte[] copy = secret.copy();
      try {
        return new Proposal(
            candidate,
            fingerprint,
            tagKey(secret.authTag(candidate.id())),
            protection.apply(copy),
            clock.millis());
      } finally {
        Arrays.fill(copy, (byte) 0);
      }
    }
  }

  /** Takes out the candidate whose challenge this tag opens, if there is one. */
  synchronized Optional<Candidate> take(AgentId id, AuthTag tag) {
    expire();
    Proposal proposal = byTag.get(tagKey(tag));
    if (proposal == null || !proposal.candidate.id().equals(id)) {
      return Optional.empty();
    }
    remove(proposal);
    return Optional.of(proposal.candidate);
  }

  /** How many are open. */
  synchronized int size() {
    return open.size();
  }

  /** Forgets what is too old. */
  synchronized void expire() {
    long oldest = clock.millis() - limits.age.toMillis();
    Iterator<Proposal> each = open.values().iterator();
    while (each.hasNext()) {
      Proposal proposal = each.next();
      if (proposal.opened > oldest) {
        return;
      }
      each.remove();
      forget(proposal);
    }
  }

  private void add(Proposal proposal) {
    Proposal old = open.get(proposal.fingerprint);
    if (old != null) {
      remove(old);
    }
    open.put(proposal.fingerprint, proposal);
    ofAgent
        .computeIfAbsent(proposal.candidate.id(), id -> new LinkedHashMap<>())
        .put(proposal.fingerprint, proposal);
    byTag.put(proposal.tagKey, proposal);
    bytes += proposal.candidate.size();
  }

  private void bound(AgentId id) {
    LinkedHashMap<String, Proposal> same = ofAgent.getOrDefault(id, new LinkedHashMap<>());
    if (same.size() > limits.perAgent) {
      remove(same.firstEntry().getValue());
    }
    while (open.size() > limits.total || bytes > limits.bytes) {
      remove(open.firstEntry().getValue());
    }
  }

  private void remove(Proposal proposal) {
    open.remove(proposal.fingerprint);
    forget(proposal);
  }

  private void forget(Proposal proposal) {
    byTag.remove(proposal.tagKey);
    bytes -= proposal.candidate.size();
    AgentId id = proposal.candidate.id();
    LinkedHashMap<String, Proposal> same = ofAgent.get(id);
    if (same != null) {
      same.remove(proposal.fingerprint);
      if (same.isEmpty()) {
        ofAgent.remove(id);
      }
    }
  }

  /** Looked up by a keyed hash, so that the time of a look-up tells nothing about other tags. */
  private String tagKey(AuthTag tag) {
    return AuthTag.of(tagMask, HexFormat.of().parseHex(tag.hex())).hex();
  }
}
