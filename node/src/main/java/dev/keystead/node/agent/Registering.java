package dev.keystead.node.agent;

import dev.keystead.http.HttpFailure;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.WireException;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.AgentException;
import dev.keystead.node.AgentListener;
import dev.keystead.tpm.TpmException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Tries to register until it succeeds, with growing pauses. */
public final class Registering implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Registering.class.getName());

  private final RegistrarClient client;
  private final MtlsCert certificate;
  private final ContactAddress contact;
  private final AgentConfig.Retry retry;
  private final AgentListener listener;
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread thread;

  /** Starts to try. */
  public Registering(
      RegistrarClient client,
      MtlsCert certificate,
      ContactAddress contact,
      AgentConfig.Retry retry,
      AgentListener listener) {
    this.client = client;
    this.certificate = certificate;
    this.contact = contact;
    this.retry = retry;
    this.listener = listener;
    this.thread = Thread.ofVirtual().name("keystead-registration").start(this::run);
  }

  /** Waits until the agent is activated; false when the time is over before. */
  public boolean await(Duration time) throws InterruptedException {
    return done.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    long start = System.nanoTime();
    Duration pause = retry.first();
    try {
      while (!registered(pause)) {
        // Spread, so that a fleet does not come back all at once.
        Thread.sleep(pause.toMillis() / 2 + ThreadLocalRandom.current().nextLong(pause.toMillis()));
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(retry.longest()) > 0 ? retry.longest() : doubled;
      }
      done.countDown();
      listener.on(new AgentEvent.Activated(Duration.ofNanos(System.nanoTime() - start)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean registered(Duration pause) throws InterruptedException {
    try {
      client.register(certificate, contact);
      return true;
    } catch (HttpFailure | TpmException | AgentException | WireException e) {
      String reason = String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}", "?");
      LOG.log(System.Logger.Level.WARNING, "not registered: {0}", reason);
      listener.on(new AgentEvent.NotRegistered(reason, pause));
      return false;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
