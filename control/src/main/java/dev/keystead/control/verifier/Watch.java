package dev.keystead.control.verifier;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.store.StoreException;
import dev.keystead.control.verifier.Rounds.Question;
import dev.keystead.evidence.History;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.bootstrap.KeyShare;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.revocation.KeylimeEvent;
import dev.keystead.keylime.revocation.Severity;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.OperationalState;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The state machines of all nodes (section 7 of the wire). A node has one request under way or one
 * timer set, never both; requests wait on event loops, evidence is appraised by a fixed number of
 * threads, so that a node costs others nothing but its share of the processor. Every round ends in
 * an {@link Outcome}; what throws on the way is a refusal with a reason.
 */
final class Watch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Watch.class.getName());

  private final ConcurrentMap<AgentId, Node> nodes = new ConcurrentHashMap<>();
  private final Schedule schedule = new Schedule();
  private final Rounds rounds;
  private final Decisions decisions;
  private final Runnable others;
  private final Timing timing;
  private final SeverityPolicy severities;
  private final InstantSource clock;
  private final Telling told;

  /**
   * A watch without nodes.
   *
   * @param others called after a decision that others are to know has been written
   */
  Watch(
      Rounds rounds,
      Decisions decisions,
      Runnable others,
      Timing timing,
      SeverityPolicy severities,
      InstantSource clock,
      Consumer<ControlEvent> events) {
    this.rounds = rounds;
    this.decisions = decisions;
    this.others = others;
    this.timing = timing;
    this.severities = severities;
    this.clock = clock;
    this.told = new Telling(clock, events);
  }

  Optional<Node> find(AgentId id) {
    return Optional.ofNullable(nodes.get(id));
  }

  Collection<Node> all() {
    return nodes.values();
  }

  /** Watches a node from now on; one of the same id is watched no more. */
  void start(Node node, Duration delay) {
    Node before = nodes.put(node.id(), node);
    if (before != null) {
      end(before);
    }
    if (!node.isOver()) {
      after(delay, node);
    }
  }

  /** Goes on with what {@code next} makes of the node, from where it stands at this moment. */
  void replace(AgentId id, UnaryOperator<Node> next) {
    Node node = nodes.get(id);
    if (node == null) {
      return;
    }
    Node after;
    synchronized (node) {
      after = next.apply(node);
      node.over = true;
      nodes.put(id, after);
    }
    if (!after.isOver()) {
      after(Duration.ZERO, after);
    }
  }

  /** Watches this node no more. */
  void stop(AgentId id) {
    Node node = nodes.remove(id);
    if (node != null) {
      end(node);
    }
  }

  private static void end(Node node) {
    synchronized (node) {
      node.over = true;
    }
  }

  private void after(Duration delay, Node node) {
    if (node.enrolment.isPush()) {
      PushedNode.await(node, this, timing.silence());
    } else {
      schedule.after(delay, () -> begin(node));
    }
  }

  /** Does a step of a node that is still watched, in time. */
  void later(Node node, Duration delay, Runnable step) {
    schedule.after(delay, () -> schedule.execute(() -> locked(node, step)));
  }

  /** The same at once; {@code end} follows also when the node is watched no more. */
  void now(Node node, Runnable step, Runnable end) {
    schedule.execute(() -> {
      try {
        locked(node, step);
      } finally {
        end.run();
      }
    });
  }

  /** A round whose evidence the node has brought; part of a step. */
  Outcome round(Node node, Supplier<Outcome> judgement) {
    long came = System.nanoTime();
    Outcome outcome = outcome(node, judgement);
    act(node, came, () -> take(node, came, outcome));
    return outcome;
  }

  private void begin(Node node) {
    long askedAt = System.nanoTime();
    locked(
        node,
        () -> {
          try {
            Question question = Rounds.question(node, askedAt);
            var _ =
                rounds
                    .ask(node, question)
                    .whenCompleteAsync(
                        (response, failure) -> answered(node, question, response, failure),
                        schedule);
          } catch (RuntimeException e) {
            schedule.execute(() -> locked(node, () -> broken(node, askedAt, e)));
          }
        });
  }

  private void answered(
      Node node, Question question, @Nullable HttpResponse response, @Nullable Throwable failure) {
    locked(
        node,
        () -> {
          Outcome outcome = outcome(node, () -> read(node, question, response, failure));
          act(node, question.askedAt(), () -> take(node, question.askedAt(), outcome));
        });
  }

  /** Does a step of a node that is still watched. */
  private static void locked(Node node, Runnable step) {
    synchronized (node) {
      if (!node.over) {
        step.run();
      }
    }
  }

  private static Outcome outcome(Node node, Supplier<Outcome> judgement) {
    try {
      return judgement.get();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "appraising " + node.id() + " failed", e);
      return new Outcome.Refused(exception(), List.of("the appraisal failed: " + e));
    }
  }

  private Outcome read(
      Node node, Question question, @Nullable HttpResponse response, @Nullable Throwable failure) {
    return switch (Answer.read(response, failure)) {
      case Answer.None none -> none.outcome();
      case Answer.Results results ->
          Judgement.of(node, question.query(), results.results(), clock.instant());
    };
  }

  /** What cannot be written has not happened: the node is asked again. */
  private void act(Node node, long askedAt, Runnable step) {
    try {
      step.run();
    } catch (StoreException e) {
      LOG.log(Level.ERROR, "what {0} proved could not be written: {1}", node.id(), e.getMessage());
      node.askForKey = true;
      after(timing.interval(), node);
    } catch (RuntimeException e) {
      broken(node, askedAt, e);
    }
  }

  /**
   * A defect of ours is a failed appraisal, never a node that is asked no more and shown as good.
   */
  private void broken(Node node, long askedAt, RuntimeException e) {
    LOG.log(Level.ERROR, "a round with " + node.id() + " failed", e);
    fail(node, askedAt, Decision.invalid(exception(), List.of("the verifier failed: " + e)));
  }

  private static KeylimeEvent exception() {
    return KeylimeEvent.of("internal.verifier.exception", "the verifier failed on this node");
  }

  private void take(Node node, long askedAt, Outcome outcome) {
    switch (outcome) {
      case Outcome.Passed passed -> passed(node, askedAt, passed);
      case Outcome.AskAgain again -> askAgain(node, askedAt, again);
      case Outcome.Refused refused ->
          fail(node, askedAt, Decision.invalid(refused.event(), refused.reasons()));
      case Outcome.NoEvidence none ->
          fail(node, askedAt, Decision.noEvidence(none.event(), none.reason()));
      case Outcome.OtherVersion other -> askVersions(node, askedAt, other.reason());
      case Outcome.NotReached not -> notReached(node, askedAt, not.reason());
    }
  }

  private void passed(Node node, long askedAt, Outcome.Passed passed) {
    boolean newKey = !node.payloadKey.equals(passed.payloadKey());
    boolean newBoot = isNewBoot(node.history, passed.history());
    boolean shareDue = node.share.isPresent() && (!node.shareDelivered || newKey || newBoot);
    NodeState next =
        node.state.passed(
            shareDue ? OperationalState.PROVIDE_V : OperationalState.GET_QUOTE,
            passed.algorithms(),
            passed.payloadKey().map(PayloadKey::pem),
            clock.millis());
    boolean trustedBefore = node.state.status() == AttestationStatus.PASS;
    History before = node.history;
    node.history = passed.history();
    try {
      if (trustedBefore) {
        checkpoint(node, before);
      } else {
        decisions.trusted(node, next);
        node.lastCheckpoint = clock.millis();
      }
    } catch (StoreException e) {
      node.history = before;
      throw e;
    }
    told.show(node, next);
    node.payloadKey = passed.payloadKey();
    node.askForKey = false;
    node.askedAgain = false;
    node.askedVersions = false;
    node.askedOn = false;
    node.told = -1;
    node.notReached = 0;
    told.tell(
        new ControlEvent.Passed(
            clock.instant(), node.id(), took(askedAt), node.history.nextImaEntry()));
    if (shareDue && node.share.isPresent()) {
      deliver(node, askedAt, node.share.get(), passed.payloadKey().orElseThrow());
    } else {
      after(timing.interval(), node);
    }
  }

  /** A machine that was started anew has lost its share: the agent keeps it in memory only. */
  private static boolean isNewBoot(History before, History after) {
    return before.clock().isPresent()
        && after.clock().isPresent()
        && after.clock().get().resetCount() > before.clock().get().resetCount();
  }

  private void checkpoint(Node node, History before) {
    node.progressed |=
        !node.history.ima().equals(before.ima()) || !node.history.boot().equals(before.boot());
    long now = clock.millis();
    if (node.progressed && now - node.lastCheckpoint >= timing.checkpoint().toMillis()) {
      decisions.checkpoint(node);
      node.lastCheckpoint = now;
      node.progressed = false;
    }
  }

  private void askAgain(Node node, long askedAt, Outcome.AskAgain again) {
    if (node.askedAgain) {
      fail(
          node,
          askedAt,
          Decision.invalid(
              KeylimeEvent.of("ima.quote_progress", again.reason()), List.of(again.reason())));
      return;
    }
    node.askedAgain = true;
    node.askForKey = true;
    node.history = again.history();
    after(Duration.ZERO, node);
  }

  /** Asks, once until it passes, which versions the node speaks now. */
  private void askVersions(Node node, long askedAt, String reason) {
    if (node.askedVersions) {
      fail(node, askedAt, Decision.noEvidence(KeylimeEvent.VERSION_NOT_SUPPORTED, reason));
      return;
    }
    node.askedVersions = true;
    var _ =
        rounds
            .versions(node)
            .whenCompleteAsync(
                (response, failure) ->
                    locked(
                        node,
                        () -> act(node, askedAt, () -> versions(node, askedAt, response, failure))),
                schedule);
  }

  private void versions(
      Node node, long askedAt, @Nullable HttpResponse response, @Nullable Throwable failure) {
    switch (Answer.read(response, failure)) {
      case Answer.None(Outcome.NotReached(String reason)) -> notReached(node, askedAt, reason);
      case Answer.None _ ->
          fail(
              node,
              askedAt,
              Decision.noEvidence(
                  KeylimeEvent.VERSION_NOT_SUPPORTED, "it does not say which versions it speaks"));
      case Answer.Results results -> speak(node, askedAt, Agreement.of(node, results.results()));
    }
  }

  private void speak(Node node, long askedAt, Agreement agreement) {
    switch (agreement) {
      case Agreement.None(Decision decision) -> fail(node, askedAt, decision);
      case Agreement.Version(ApiVersion version) -> {
        decisions.speak(node, version);
        node.version = version;
        node.askForKey = true;
        after(Duration.ZERO, node);
      }
    }
  }

  private void deliver(Node node, long askedAt, KeyShare share, PayloadKey key) {
    var _ =
        rounds
            .deliver(node, share, key)
            .whenCompleteAsync(
                (response, failure) ->
                    locked(
                        node,
                        () ->
                            act(node, askedAt, () -> delivered(node, askedAt, response, failure))),
                schedule);
  }

  private void delivered(
      Node node, long askedAt, @Nullable HttpResponse response, @Nullable Throwable failure) {
    if (response != null && response.status() == 200) {
      NodeState next = node.state.in(OperationalState.GET_QUOTE);
      decisions.shareDelivered(node, next);
      node.shareDelivered = true;
      node.shareNotTaken = 0;
      told.show(node, next);
      told.tell(new ControlEvent.ShareDelivered(clock.instant(), node.id()));
      after(timing.interval(), node);
      return;
    }
    Answer answer = Answer.read(response, failure);
    if (answer instanceof Answer.None(Outcome.NotReached(String reason))) {
      shareNotTaken(node, askedAt, reason);
    } else if (answer instanceof Answer.None(Outcome.OtherVersion(String reason))) {
      askVersions(node, askedAt, reason);
    } else {
      int status = response == null ? 0 : response.status();
      fail(
          node,
          askedAt,
          Decision.noEvidence(
              KeylimeEvent.NO_V, "it did not take its share, and answered " + status));
    }
  }

  private void shareNotTaken(Node node, long askedAt, String reason) {
    node.shareDelivered = false;
    if (node.shareNotTaken++ < timing.retries()) {
      told.show(node, node.state.in(OperationalState.PROVIDE_V_RETRY));
      // The share goes out only directly behind a good quote, so the next round begins with one.
      again(node, node.shareNotTaken, reason);
    } else {
      fail(node, askedAt, Decision.unreachable(KeylimeEvent.NOT_REACHABLE_V, reason, true));
    }
  }

  private void notReached(Node node, long askedAt, String reason) {
    node.askForKey = true;
    if (node.notReached++ < timing.retries()) {
      told.show(node, node.state.in(OperationalState.GET_QUOTE_RETRY));
      again(node, node.notReached, reason);
    } else {
      boolean tell = node.state.attestations() > 0;
      fail(node, askedAt, Decision.unreachable(KeylimeEvent.NOT_REACHABLE, reason, tell));
    }
  }

  private void again(Node node, int attempt, String reason) {
    told.tell(new ControlEvent.NotReached(clock.instant(), node.id(), attempt, reason));
    after(timing.pause(attempt), node);
  }

  void fail(Node node, long askedAt, Decision found) {
    Severity severity = severities.of(found.event());
    node.askedOn =
        found.status() == AttestationStatus.FAIL
            && found.event().recoverable()
            && !severities.isHighest(severity);
    Decision decision = found.as(severity, found.tell() && severity.level() > node.told);
    boolean received = decision.status() == AttestationStatus.FAIL;
    NodeState next =
        node.state.failed(
            decision.state(),
            decision.status(),
            decision.event(),
            decision.reason(),
            received ? clock.millis() : node.state.lastReceived());
    if (node.askedOn && !decision.tell() && next.sameFailureAs(node.state)) {
      // It is known and written that the node is not good, and why.
      told.show(node, next);
      told.tell(failed(node, askedAt, decision));
      after(timing.interval(), node);
      return;
    }
    write(node, askedAt, next, decision);
  }

  private ControlEvent failed(Node node, long askedAt, Decision decision) {
    return new ControlEvent.Failed(
        clock.instant(), node.id(), decision.event().id(), decision.reasons(), took(askedAt));
  }

  /**
   * Nobody hears of a failure before it is written, or a death in between would make the node good
   * again. Writing is tried until it works; meanwhile the node is at least not called good.
   */
  private void write(Node node, long askedAt, NodeState next, Decision decision) {
    try {
      decisions.failed(node, next, decision);
    } catch (StoreException e) {
      LOG.log(
          Level.ERROR, "the failure of {0} could not be written: {1}", node.id(), e.getMessage());
      told.show(node, next);
      node.unwritten = true;
      later(node, timing.interval(), () -> write(node, askedAt, next, decision));
      return;
    }
    node.unwritten = false;
    told.show(node, next);
    told.tell(failed(node, askedAt, decision));
    if (decision.tell()) {
      node.told = decision.event().severity().level();
      others.run();
    }
    if (node.askedOn) {
      after(timing.interval(), node);
    }
  }

  private static Duration took(long askedAt) {
    return Duration.ofNanos(System.nanoTime() - askedAt);
  }

  /** Ends every watch, and writes down how far each node had come. */
  @Override
  public void close() {
    schedule.close();
    for (Node node : nodes.values()) {
      synchronized (node) {
        if (!node.over && node.state.status() == AttestationStatus.PASS) {
          decisions.checkpoint(node);
        }
        node.over = true;
      }
    }
  }
}
