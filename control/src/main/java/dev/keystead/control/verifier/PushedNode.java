package dev.keystead.control.verifier;

import dev.keystead.control.push.Attestations;
import dev.keystead.control.push.PushNode;
import dev.keystead.evidence.Evidence;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.push.AttestationReport.Verdict;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.keylime.quote.QuoteAlgorithms;
import dev.keystead.keylime.revocation.KeylimeEvent;
import dev.keystead.keylime.verifier.AttestationStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/** A node under watch that comes to us: judged by the same rounds as those that are asked. */
final class PushedNode implements PushNode {
  private final Node node;
  private final Watch watch;
  private final InstantSource clock;
  private final Attestations attestations = new Attestations();

  PushedNode(Node node, Watch watch, InstantSource clock) {
    this.node = node;
    this.watch = watch;
    this.clock = clock;
  }

  /** One that was trusted is unknown when it stays away for too long. */
  static void await(Node node, Watch watch, Duration silence) {
    long passed = node.state.lastPassed();
    if (node.state.status() == AttestationStatus.PASS) {
      watch.later(
          node,
          silence,
          () -> {
            if (node.state.status() == AttestationStatus.PASS
                && node.state.lastPassed() == passed) {
              String reason = "it has brought no good evidence for " + silence.toSeconds() + " s";
              watch.fail(
                  node,
                  System.nanoTime(),
                  Decision.unreachable(KeylimeEvent.NOT_REACHABLE, reason, true));
            }
          });
    }
  }

  @Override
  public AgentId id() {
    return node.id();
  }

  @Override
  public AttestationKey key() {
    return node.enrolment.ak();
  }

  @Override
  public void requireAccepted() {
    node.enrolment.accept().require(QuoteAlgorithms.of(key().area()));
  }

  @Override
  public PcrMask mask() {
    return node.enrolment.mask();
  }

  @Override
  public boolean needsIma() {
    return node.enrolment.policy().files().isPresent();
  }

  @Override
  public boolean needsBootLog() {
    return node.enrolment.policy().boot().isPresent();
  }

  @Override
  public long nextImaEntry() {
    synchronized (node) {
      return node.history.nextImaEntry();
    }
  }

  @Override
  public boolean isAccepting() {
    return !node.isOver();
  }

  @Override
  public Attestations attestations() {
    return attestations;
  }

  @Override
  public CompletionStage<Verdict> judge(Evidence evidence) {
    CompletableFuture<Verdict> judged = new CompletableFuture<>();
    AtomicReference<Verdict> verdict = new AtomicReference<>(new Verdict.Pending());
    watch.now(
        node,
        () ->
            verdict.set(
                verdict(watch.round(node, () -> Judgement.of(node, evidence, clock.instant())))),
        () -> judged.complete(verdict.get()));
    return judged;
  }

  /** What could not be written was not decided. */
  private Verdict verdict(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Passed _ when node.state.status() == AttestationStatus.PASS ->
          new Verdict.Pass();
      case Outcome.Refused refused -> new Verdict.Fail(refused.provesNothing());
      case Outcome.NoEvidence _ -> new Verdict.Fail(true);
      case Outcome.Passed _, Outcome.AskAgain _, Outcome.NotReached _, Outcome.OtherVersion _ ->
          new Verdict.Pending();
    };
  }

  @Override
  public void unreadable(String detail) {
    watch.later(node, Duration.ZERO, () -> watch.round(node, () -> Answer.unreadable(detail)));
  }
}
