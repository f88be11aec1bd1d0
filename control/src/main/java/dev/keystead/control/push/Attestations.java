package dev.keystead.control.push;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.http.HttpRefusal;
import dev.keystead.keylime.push.AttestationReport;
import dev.keystead.keylime.push.AttestationReport.Verdict;
import dev.keystead.keylime.push.CollectedEvidence;
import dev.keystead.keylime.push.EvidenceOffer;
import dev.keystead.keylime.push.EvidenceRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The attestations of one node: numbered from 0, the newest alone may get its evidence, once and in
 * time. Only the last few are kept, in memory; what was decided is in the ledger.
 */
public final class Attestations {
  private static final int KEPT = 4;

  private final Deque<Attestation> kept = new ArrayDeque<>();
  private long next;
  private Optional<Instant> bootTime = Optional.empty();
  private Optional<Instant> lastEvidence = Optional.empty();

  /** One of them, from what was offered to what came of it. */
  static final class Attestation {
    final long index;
    final EvidenceOffer offer;
    final EvidenceRequest request;
    private boolean claimed;
    private Optional<AttestationReport> report = Optional.empty();

    Attestation(long index, EvidenceOffer offer, EvidenceRequest request) {
      this.index = index;
      this.offer = offer;
      this.request = request;
    }

    Optional<AttestationReport> report() {
      return report;
    }

    private boolean isEvaluated() {
      return !claimed || report.filter(r -> r.verdict().isPresent()).isPresent();
    }
  }

  /** No attestation yet. */
  public Attestations() {}

  /**
   * Begins one.
   *
   * @throws HttpRefusal 403 when the node may not bring evidence, 409 while other evidence of it is
   *     judged, 422 when it offers less than its policy needs
   * @throws Later 429 when it comes too early
   */
  synchronized Attestation begin(
      PushNode node, EvidenceOffer offer, Instant now, Duration interval, Duration life) {
    if (!node.isAccepting()) {
      throw new HttpRefusal(
          403, "this agent is not trusted any more, until its owner reactivates it");
    }
    if (!kept.isEmpty() && !kept.getLast().isEvaluated()) {
      throw new HttpRefusal(409, "the evidence before is still being evaluated");
    }
    Duration since = lastEvidence.map(last -> Duration.between(last, now)).orElse(interval);
    if (since.compareTo(interval.dividedBy(2)) < 0) {
      long seconds = Math.max(1, interval.minus(since).plusMillis(999).toSeconds());
      throw Later.tooMany(seconds, "the next attestation is not due yet");
    }
    boolean sameBoot = bootTime.equals(offer.bootTime());
    bootTime = offer.bootTime();
    String collection = PushPaths.attestations(node.id());
    Attestation begun;
    try {
      begun =
          new Attestation(
              next,
              offer,
              new EvidenceRequest(
                  collection + "/" + next,
                  collection,
                  Question.of(node, offer, sameBoot),
                  offer.bootTime(),
                  now,
                  now.plus(life)));
    } catch (EvidenceException e) {
      throw new HttpRefusal(422, e.finding().where() + ": " + e.finding().detail());
    }
    next++;
    kept.add(begun);
    if (kept.size() > KEPT) {
      kept.removeFirst();
    }
    return begun;
  }

  /**
   * Takes an attestation whose evidence has come.
   *
   * @throws HttpRefusal 404 for one that there is not, 403 for one that is old, has its evidence or
   *     is over
   */
  synchronized Attestation claim(long index, Instant now) {
    Attestation asked = find(index);
    if (asked != kept.getLast()) {
      throw new HttpRefusal(403, "only the newest attestation takes evidence");
    }
    if (asked.claimed) {
      throw new HttpRefusal(403, "this attestation has its evidence");
    }
    if (now.isAfter(asked.request.expires())) {
      throw new HttpRefusal(403, "the challenge of this attestation has expired");
    }
    asked.claimed = true;
    lastEvidence = Optional.of(now);
    return asked;
  }

  /** The evidence can be read, and is being judged. */
  synchronized AttestationReport received(
      Attestation attestation, CollectedEvidence evidence, Instant now) {
    AttestationReport report =
        new AttestationReport(
                attestation.request, attestation.offer.supported(), evidence, now, Optional.empty())
            .brief();
    attestation.report = Optional.of(report);
    return report;
  }

  /** The evidence has been judged; when it could not be, the node may come again at once. */
  synchronized void judged(Attestation attestation, Verdict verdict) {
    attestation.report = attestation.report.map(report -> report.judged(verdict));
    if (verdict instanceof Verdict.Pending) {
      lastEvidence = Optional.empty();
    }
  }

  /** The evidence could not be read. */
  synchronized void unreadable(Attestation attestation) {
    kept.remove(attestation);
  }

  /** The one with this number, if it is kept. */
  synchronized Attestation find(long index) {
    return kept.stream()
        .filter(attestation -> attestation.index == index)
        .findFirst()
        .orElseThrow(() -> new HttpRefusal(404, "there is no such attestation"));
  }

  /** The newest. */
  synchronized Attestation latest() {
    return Optional.ofNullable(kept.peekLast())
        .orElseThrow(() -> new HttpRefusal(404, "there is no attestation yet"));
  }

  /** Those that are kept, oldest first. */
  synchronized List<Attestation> all() {
    return List.copyOf(kept);
  }
}
