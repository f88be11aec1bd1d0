package dev.keystead.lab.kill;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import dev.keystead.tenant.TenantException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks the verifier all the time how a node stands, and notes each answer that calls it good for
 * evidence that came after it was tampered with, or takes back that it is bad.
 */
final class Onlooker implements AutoCloseable {
  private static final long PAUSE_MILLIS = 40;

  private final Fleet fleet;
  private final AgentId node;
  private final List<String> wrong = new CopyOnWriteArrayList<>();
  private final Thread thread;

  /** The verifier has said that the node is bad; only the onlooker's thread uses this. */
  private boolean caught;

  private volatile Optional<Instant> tampered = Optional.empty();
  private final AtomicInteger answers = new AtomicInteger();

  Onlooker(Fleet fleet, AgentId node) {
    this.fleet = fleet;
    this.node = node;
    this.thread = Thread.ofVirtual().name("onlooker").start(this::look);
  }

  /** The node has been tampered with just now. */
  void tampered() {
    tampered = Optional.of(Instant.now());
  }

  /** The node was started clean. */
  void clean() {
    tampered = Optional.empty();
  }

  private void look() {
    try {
      while (true) {
        Thread.sleep(PAUSE_MILLIS);
        Optional<Instant> since = tampered;
        caught &= since.isPresent();
        try {
          Optional<VerifierAgentStatus> status = fleet.status(node);
          if (since.isPresent() && since.equals(tampered)) {
            answers.incrementAndGet();
            status.filter(s -> isWrong(s, since.get())).ifPresent(s -> wrong.add(s.toString()));
            caught |= status.filter(Onlooker::isBad).isPresent();
          }
        } catch (TenantException e) {
          // The verifier is dead just now: nothing is reported.
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isBad(VerifierAgentStatus status) {
    return status.attestationStatus() == AttestationStatus.FAIL;
  }

  /** The time is told in whole seconds, and a quote may have been under way. */
  private boolean isWrong(VerifierAgentStatus status, Instant tampered) {
    return (caught && !isBad(status))
        || (status.attestationStatus() == AttestationStatus.PASS
            && status.lastSuccessfulAttestation() > tampered.getEpochSecond() + 1);
  }

  /** Answers that called the node good and were wrong. */
  List<String> wrong() {
    return wrong;
  }

  /** How many answers came while the node was not to be called good. */
  int answers() {
    return answers.get();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
