package dev.keystead.control.verifier;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.store.StoreException;
import dev.keystead.control.verifier.Rounds.Question;
import dev.keystead.evidence.History;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.bootstrap.KeyShare;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.revocation.KeylimeEvent;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
  private final ScheduledThreadPoolExecutor timer;
  private final ExecutorService judges;
  private final Rounds rounds;
  private final Decisions decisions;
  private final Runnable tell;
  private final Timing timing;
  private final InstantSource clock;
  private final Consumer<ControlEvent> events;

  /**
   * A watch without nodes.
   *
   * @param tell called after a decision that others are to know has been written
   */
  Watch(
      Rounds rounds,
      Decisions decisions,
      Runnable tell,
      Timing timing,
      InstantSource clock,
      Consumer<ControlEvent> events) {
    this.rounds = rounds;
    this.decisions = decisions;
    this.tell = tell;
    this.timing = timing;
    this.clock = clock;
    this.events = events;
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("keystead-timer").factory());
    timer.setRemoveOnCancelPolicy(true);
    judges =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().daemon().name("keystead-appraisal-", 0).factory());
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
    if (!node.state.isOver()) {
      after(delay, node);
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
    schedule(delay, () -> begin(node));
  }

  private void schedule(Duration delay, Runnable step) {
    try {
      var _ = timer.schedule(step, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "the watch has ended");
    }
  }

  private void begin(Node node) {
    Question question;
    synchronized (node) {
      if (node.over) {
        return;
      }
      question = Rounds.question(node);
    }
    var _ =
        rounds
            .ask(node, question)
            .whenCompleteAsync(
                (response, failure) -> answered(node, question, response, failure), judges);
  }

  private void answered(
      Node node, Question question, @Nullable HttpResponse response, @Nullable Throwable failure) {
    locked(
        node,
        () -> {
          Outcome outcome = outcome(node, question, response, failure);
          act(node, () -> take(node, question, outcome));
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

  private Outcome outcome(
      Node node, Question question, @Nullable HttpResponse response, @Nullable Throwable failure) {
    try {
      return switch (Answer.read(response, failure)) {
        case Answer.None none -> none.outcome();
        case Answer.Results results ->
            Judgement.of(node, question.query(), results.results(), clock.instant());
      };
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "appraising " + node.id() + " failed", e);
      return new Outcome.Refused(
          KeylimeEvent.of("internal.verifier.exception", "the appraisal failed"),
          List.of("the appraisal failed: " + e.getClass().getSimpleName()));
    }
  }

  /** What cannot be written has not happened: the node is asked again. */
  private void act(Node node, Runnable step) {
    try {
      step.run();
    } catch (StoreException e) {
      LOG.log(Level.ERROR, "what {0} proved could not be written: {1}", node.id(), e.getMessage());
      node.askForKey = true;
      after(timing.interval(), node);
    }
  }

  private void take(Node node, Question question, Outcome outcome) {
    switch (outcome) {
      case Outcome.Passed passed -> passed(node, question, passed);
      case Outcome.AskAgain again -> askAgain(node, question, again);
      case Outcome.Refused refused ->
          fail(node, question, Decision.invalid(refused.event(), refused.reasons()));
      case Outcome.NoEvidence none ->
          fail(node, question, Decision.noEvidence(none.event(), none.reason()));
      case Outcome.NotReached not -> notReached(node, question, not.reason());
    }
  }

  private void passed(Node node, Question question, Outcome.Passed passed) {
    boolean newKey = node.payloadKey.filter(passed.payloadKey()::equals).isEmpty();
    boolean shareDue = node.share.isPresent() && (!node.shareDelivered || newKey);
    NodeState next =
        node.state.passed(
            shareDue ? OperationalState.PROVIDE_V : OperationalState.GET_QUOTE,
            passed.algorithms(),
            Optional.of(passed.payloadKey().pem()),
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
    show(node, next);
    node.payloadKey = Optional.of(passed.payloadKey());
    node.askForKey = false;
    node.askedAgain = false;
    node.notReached = 0;
    events.accept(
        new ControlEvent.Passed(
            clock.instant(), node.id(), took(question), node.history.nextImaEntry()));
    if (shareDue && node.share.isPresent()) {
      deliver(node, question, node.share.get(), passed.payloadKey());
    } else {
      after(timing.interval(), node);
    }
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

  private void askAgain(Node node, Question question, Outcome.AskAgain again) {
    if (node.askedAgain) {
      fail(
          node,
          question,
          Decision.invalid(
              KeylimeEvent.of("ima.quote_progress", again.reason()), List.of(again.reason())));
      return;
    }
    node.askedAgain = true;
    node.askForKey = true;
    node.history = again.history();
    after(Duration.ZERO, node);
  }

  private void deliver(Node node, Question question, KeyShare share, PayloadKey key) {
    var _ =
        rounds
            .deliver(node, share, key)
            .whenCompleteAsync(
                (response, failure) ->
                    locked(
                        node, () -> act(node, () -> delivered(node, question, response, failure))),
                judges);
  }

  private void delivered(
      Node node, Question question, @Nullable HttpResponse response, @Nullable Throwable failure) {
    if (response != null && response.status() == 200) {
      NodeState next = node.state.in(OperationalState.GET_QUOTE);
      decisions.shareDelivered(node, next);
      node.shareDelivered = true;
      node.shareNotTaken = 0;
      show(node, next);
      events.accept(new ControlEvent.ShareDelivered(clock.instant(), node.id()));
      after(timing.interval(), node);
      return;
    }
    if (Answer.read(response, failure) instanceof Answer.None(Outcome.NotReached(String reason))) {
      shareNotTaken(node, question, reason);
    } else {
      int status = response == null ? 0 : response.status();
      fail(
          node,
          question,
          Decision.noEvidence(
              KeylimeEvent.NO_V, "it did not take its share, and answered " + status));
    }
  }

  private void shareNotTaken(Node node, Question question, String reason) {
    node.shareDelivered = false;
    if (node.shareNotTaken++ < timing.retries()) {
      show(node, node.state.in(OperationalState.PROVIDE_V_RETRY));
      // The share goes out only directly behind a good quote, so the next round begins with one.
      again(node, node.shareNotTaken, reason);
    } else {
      fail(node, question, Decision.unreachable(KeylimeEvent.NOT_REACHABLE_V, reason, true));
    }
  }

  private void notReached(Node node, Question question, String reason) {
    node.askForKey = true;
    if (node.notReached++ < timing.retries()) {
      show(node, node.state.in(OperationalState.GET_QUOTE_RETRY));
      again(node, node.notReached, reason);
    } else {
      boolean tell = node.state.attestations() > 0;
      fail(node, question, Decision.unreachable(KeylimeEvent.NOT_REACHABLE, reason, tell));
    }
  }

  private void again(Node node, int attempt, String reason) {
    events.accept(new ControlEvent.NotReached(clock.instant(), node.id(), attempt, reason));
    after(timing.pause(attempt), node);
  }

  private void fail(Node node, Question question, Decision decision) {
    boolean received = decision.status() == AttestationStatus.FAIL;
    NodeState next =
        node.state.failed(
            decision.state(),
            decision.status(),
            decision.event(),
            decision.reason(),
            received ? clock.millis() : node.state.lastReceived());
    // Shown before it is written: should writing fail, the node is at least not called good.
    show(node, next);
    write(node, question, next, decision);
  }

  /** Nobody is told of a failure before it is written; writing it is tried until it works. */
  private void write(Node node, Question question, NodeState next, Decision decision) {
    try {
      decisions.failed(node, next, decision);
    } catch (StoreException e) {
      LOG.log(Level.ERROR, "the failure of " + node.id() + " could not be written", e);
      schedule(timing.interval(), () -> locked(node, () -> write(node, question, next, decision)));
      return;
    }
    events.accept(
        new ControlEvent.Failed(
            clock.instant(), node.id(), decision.event().id(), decision.reasons(), took(question)));
    if (decision.tell()) {
      tell.run();
    }
  }

  private void show(Node node, NodeState next) {
    OperationalState from = node.state.state();
    node.state = next;
    if (from != next.state()) {
      events.accept(new ControlEvent.StateChanged(clock.instant(), node.id(), from, next.state()));
    }
  }

  private static Duration took(Question question) {
    return Duration.ofNanos(System.nanoTime() - question.askedAt());
  }

  /** Ends every watch, and writes down how far each node had come. */
  @Override
  public void close() {
    timer.shutdownNow();
    for (Node node : nodes.values()) {
      synchronized (node) {
        if (!node.over && node.state.status() == AttestationStatus.PASS) {
          decisions.checkpoint(node);
        }
        node.over = true;
      }
    }
    judges.shutdown();
  }
}
