package dev.keystead.control.revocation;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ca.AuthorityFolder;
import dev.keystead.control.revocation.Notices.Told;
import dev.keystead.control.store.StoreException;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpFailure;
import dev.keystead.http.HttpResponse;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Delivers notices: to each recipient in their order, to all recipients at the same time, each
 * within its own time and with its own retries, until it is delivered or expires. A recipient that
 * hangs, lies or is gone keeps only itself waiting. What was delivered is written down in batches
 * by one thread, so that telling many does not keep decisions from being written.
 */
public final class Courier implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Courier.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final int AT_A_TIME = 256;
  private static final int BATCH = 512;

  private final Notices notices;
  private final HttpClient client;
  private final Function<String, Optional<Recipient>> directory;
  private final Duration timeout;
  private final Duration longestPause;
  private final InstantSource clock;
  private final Consumer<ControlEvent> events;
  private final Map<String, Thread> rounds = new ConcurrentHashMap<>();
  private final Map<String, Long> upTo = new ConcurrentHashMap<>();
  private final Semaphore sending = new Semaphore(AT_A_TIME);
  private final LinkedBlockingQueue<Told> told = new LinkedBlockingQueue<>();
  private final Thread scribe;
  private volatile boolean closed;

  /**
   * Delivers what is owed from here on, and what was owed before.
   *
   * @param directory where a recipient is; empty when it is known no more
   * @param timeout for one delivery
   * @param longestPause between two attempts
   */
  public Courier(
      Notices notices,
      HttpClient client,
      Function<String, Optional<Recipient>> directory,
      Duration timeout,
      Duration longestPause,
      InstantSource clock,
      Consumer<ControlEvent> events) {
    this.notices = notices;
    this.client = client;
    this.directory = directory;
    this.timeout = timeout;
    this.longestPause = longestPause;
    this.clock = clock;
    this.events = events;
    this.scribe = Thread.ofVirtual().name("keystead-notices").start(this::write);
  }

  /** Starts to deliver whatever is owed; to be called after a notice has been written. */
  public void wake() {
    for (String recipient : notices.recipients()) {
      if (!closed) {
        rounds.computeIfAbsent(
            recipient, name -> Thread.ofVirtual().name("keystead-notice").start(() -> round(name)));
      }
    }
  }

  private void round(String name) {
    try {
      while (!closed) {
        Optional<Notice> next = next(name);
        if (next.isPresent()) {
          told.add(deliver(name, next.get()));
          upTo.put(name, next.get().seq());
        } else if (ended(name)) {
          return;
        }
      }
    } catch (InterruptedException | RecipientGone e) {
      rounds.remove(name);
    } catch (StoreException e) {
      LOG.log(Level.ERROR, "cannot read what is to be told; the next notice tries again", e);
      rounds.remove(name);
    }
  }

  private Optional<Notice> next(String name) {
    return notices.next(name, upTo.getOrDefault(name, 0L));
  }

  /** Decided under the map's lock, so that a notice written meanwhile is not overlooked. */
  private boolean ended(String name) {
    return rounds.computeIfPresent(name, (n, round) -> next(n).isPresent() ? round : null) == null;
  }

  private Told deliver(String name, Notice notice) throws InterruptedException, RecipientGone {
    for (Duration pause = FIRST_PAUSE; clock.millis() < notice.expires(); pause = longer(pause)) {
      Recipient recipient = directory.apply(name).orElseThrow(RecipientGone::new);
      if (accepts(recipient, notice)) {
        return new Told(name, notice, true);
      }
      Thread.sleep(pause);
    }
    return new Told(name, notice, false);
  }

  private Duration longer(Duration pause) {
    Duration next = pause.multipliedBy(2);
    return next.compareTo(longestPause) < 0 ? next : longestPause;
  }

  private boolean accepts(Recipient recipient, Notice notice) throws InterruptedException {
    return switch (recipient) {
      case Recipient.Post post -> accepts(post, notice);
      case Recipient.Authority(AuthorityFolder folder) -> CertificateRevoker.revoke(folder, notice);
      case Recipient.Subscribers(Publisher publisher) -> publisher.publish(notice.body());
    };
  }

  private boolean accepts(Recipient.Post recipient, Notice notice) throws InterruptedException {
    ClientRequest request =
        ClientRequest.json("POST", recipient.path(), notice.body()).within(timeout);
    sending.acquire();
    try {
      HttpResponse response = client.exchange(recipient.endpoint(), request);
      return response.status() == 200 || response.status() == 202;
    } catch (HttpFailure e) {
      LOG.log(Level.DEBUG, "a notice was not taken: {0}", e.reason());
      return false;
    } finally {
      sending.release();
    }
  }

  private void write() {
    try {
      while (true) {
        List<Told> batch = new ArrayList<>(List.of(told.take()));
        told.drainTo(batch, BATCH);
        write(batch);
      }
    } catch (InterruptedException e) {
      List<Told> rest = new ArrayList<>();
      told.drainTo(rest);
      if (!rest.isEmpty()) {
        notices.record(rest);
      }
    }
  }

  private void write(List<Told> batch) throws InterruptedException {
    while (true) {
      try {
        notices.record(batch);
        batch.forEach(this::tell);
        return;
      } catch (StoreException e) {
        LOG.log(Level.ERROR, "cannot write who has been told; trying again", e);
        Thread.sleep(longestPause);
      }
    }
  }

  private void tell(Told each) {
    events.accept(
        each.delivered()
            ? new ControlEvent.NoticeDelivered(
                clock.instant(), each.notice().subject(), each.recipient())
            : new ControlEvent.NoticeExpired(
                clock.instant(), each.notice().subject(), each.recipient()));
  }

  /** Gives up what is under way: it is delivered again by the next courier of this store. */
  @Override
  public void close() {
    closed = true;
    List<Thread> threads = new ArrayList<>(rounds.values());
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
      scribe.interrupt();
      scribe.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The recipient is known no more, and is owed nothing. */
  private static final class RecipientGone extends Exception {
    RecipientGone() {
      super(null, null, false, false);
    }
  }
}
