package dev.keystead.node.push;

import dev.keystead.http.HttpFailure;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.push.CollectedEvidence;
import dev.keystead.keylime.push.ImaEntries;
import dev.keystead.keylime.push.Possession;
import dev.keystead.keylime.push.SessionChallenge;
import dev.keystead.keylime.push.SessionResult;
import dev.keystead.keylime.push.SessionToken;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.AgentException;
import dev.keystead.node.AgentListener;
import dev.keystead.node.agent.AgentConfig;
import dev.keystead.node.agent.Registering;
import dev.keystead.node.identity.QuoteSource;
import dev.keystead.tpm.command.Attestation;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Brings evidence whenever the verifier wants some, with growing pauses while it takes none. What
 * the verifier says never ends this: an agent that gave up could not be trusted again.
 */
final class Attesting implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Attesting.class.getName());
  private static final Duration FOREVER = Duration.ofDays(365);

  private final Registering registering;
  private final VerifierClient verifier;
  private final QuoteSource quotes;
  private final PushEvidence evidence;
  private final AgentConfig.Retry retry;
  private final Duration shortest;
  private final AgentListener listener;
  private final Thread thread;
  private Optional<Token> token = Optional.empty();

  /**
   * A token, by our own clock.
   *
   * @param lifetime how long it is good after the session was opened, and after good evidence
   * @param since System.nanoTime when it was last known to be good
   */
  private record Token(SessionToken token, Duration lifetime, long since) {
    boolean isGood() {
      return System.nanoTime() - since < lifetime.toNanos();
    }
  }

  Attesting(
      Registering registering,
      VerifierClient verifier,
      QuoteSource quotes,
      PushEvidence evidence,
      AgentConfig.Retry retry,
      Duration shortest,
      AgentListener listener) {
    this.registering = registering;
    this.verifier = verifier;
    this.quotes = quotes;
    this.evidence = evidence;
    this.retry = retry;
    this.shortest = shortest;
    this.listener = listener;
    this.thread = Thread.ofVirtual().name("keystead-attesting").start(this::run);
  }

  private void run() {
    Duration pause = retry.first();
    try {
      if (!registering.await(FOREVER)) {
        return;
      }
      while (true) {
        try {
          Duration next = attest();
          pause = retry.first();
          Thread.sleep(next.compareTo(shortest) < 0 ? shortest : next);
        } catch (Refused e) {
          if (e.saysTokenIsBad()) {
            token = Optional.empty();
          }
          Duration wanted = e.after().orElse(pause);
          wait(e.reason(), wanted.compareTo(pause) < 0 ? pause : wanted);
          pause = doubled(pause);
        } catch (IOException | AgentException | WireException e) {
          wait(String.valueOf(e.getMessage()), pause);
          pause = doubled(pause);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration attest() throws Refused, HttpFailure, IOException, InterruptedException {
    if (token.filter(Token::isGood).isEmpty()) {
      token = Optional.of(enter());
    }
    Token used = token.orElseThrow();
    VerifierClient.Asked asked = verifier.offer(used.token(), evidence.offer());
    CollectedEvidence collected = evidence.collect(asked.request());
    Duration next = verifier.bring(used.token(), asked, collected);
    token = Optional.of(new Token(used.token(), used.lifetime(), System.nanoTime()));
    long entries = collected.collected().ima().map(ImaEntries::count).orElse(0L);
    listener.on(new AgentEvent.EvidenceBrought(entries, next));
    return next;
  }

  private Token enter() throws Refused, HttpFailure, IOException, InterruptedException {
    SessionChallenge session = verifier.open();
    evidence.requireFresh(session.challenge());
    Attestation proof = quotes.possession(session.challenge().bytes());
    SessionResult result =
        verifier.prove(session, new Possession(proof.attest(), proof.signature()));
    SessionResult.Granted granted =
        result
            .granted()
            .orElseThrow(() -> new Refused("the verifier does not let us in: not enrolled yet?"));
    Duration lifetime = Duration.between(result.received(), granted.expires());
    listener.on(new AgentEvent.SessionOpened(lifetime));
    return new Token(granted.token(), lifetime, System.nanoTime());
  }

  /** Spread, so that a fleet does not come back all at once. */
  private void wait(String why, Duration pause) throws InterruptedException {
    String reason = why.replaceAll("\\p{Cntrl}", "?");
    LOG.log(System.Logger.Level.WARNING, "no evidence was taken: {0}", reason);
    listener.on(new AgentEvent.EvidenceNotTaken(reason, pause));
    long millis = pause.toMillis();
    Thread.sleep(millis + ThreadLocalRandom.current().nextLong(millis / 4 + 1));
  }

  private Duration doubled(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(retry.longest()) > 0 ? retry.longest() : doubled;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
