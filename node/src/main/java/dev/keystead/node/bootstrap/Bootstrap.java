package dev.keystead.node.bootstrap;

import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.bootstrap.AuthTag;
import dev.keystead.keylime.bootstrap.Payload;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.bootstrap.UKey;
import dev.keystead.keylime.bootstrap.VKey;
import dev.keystead.keylime.bootstrap.VerifyChallenge;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.AgentException;
import dev.keystead.node.Audit;
import dev.keystead.node.payload.Delivery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The agent's part of the three-party bootstrap: shares come in, one pair fits, the payload is
 * decrypted and delivered, once for each boot. Everything lies in the secure directory, so that a
 * killed agent goes on where it was; the U that was used is kept for the next boot, too.
 *
 * <p>What was bootstrapped changes only when the owner enrols the node anew: see {@link #renew} and
 * docs/decisions/0020.
 */
public final class Bootstrap implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Bootstrap.class.getName());

  /** Pairs tried in the background every {@link #PAUSE_MILLIS}: a small part of one processor. */
  private static final int BACKGROUND_ATTEMPTS = 512;

  private static final int PAUSE_MILLIS = 10;

  private final PrivateKey payloadKey;
  private final Path secure;
  private final Delivery delivery;
  private final Audit audit;
  private final Optional<KeptShare> kept;
  private final SharePairing pairing;
  private final PendingShares pending;
  private Optional<BootstrapState> state;
  private Optional<Thread> searcher = Optional.empty();
  private Optional<Thread> script = Optional.empty();
  private Optional<Renewal> renewal = Optional.empty();
  private Optional<Thread> keeper = Optional.empty();
  private int deliveries;
  private boolean closed;

  /** What became of a posted share. */
  public enum Outcome {
    /** It is kept, or was used. */
    TAKEN,
    /** The node is bootstrapped, with another pair: nothing changes. */
    TOO_LATE
  }

  private static final Duration CLOSE_TIME = Duration.ofSeconds(30);

  /** How long after its identity quote an owner may bring a new share. */
  private static final Duration RENEWAL_TIME = Duration.ofMinutes(10);

  /** While there is this file, shares wait that are to take the place of those that were used. */
  private static final String RENEWING = "renewing";

  /**
   * Who may bring a new U, and until when by System.nanoTime.
   *
   * @param owner by the certificate of the connection
   */
  private record Renewal(String owner, long end) {
    boolean isOpen() {
      return end - System.nanoTime() > 0;
    }
  }

  /**
   * Goes on where an earlier process of this boot was.
   *
   * @param payloadKey NK, which opens shares
   * @param secure the secure directory
   * @param kept where the U that was used outlives a reboot; empty keeps it nowhere
   * @throws AgentException when what is there cannot be read or written
   */
  public Bootstrap(
      AgentId id,
      PrivateKey payloadKey,
      Path secure,
      Delivery delivery,
      Optional<KeptShare> kept,
      Audit audit) {
    this.payloadKey = payloadKey;
    this.secure = secure;
    this.delivery = delivery;
    this.kept = kept;
    this.audit = audit;
    this.pending = new PendingShares(secure);
    try {
      List<PendingShares.Stored> stored = pending.stored();
      long next = stored.isEmpty() ? 0 : stored.getLast().arrival() + 1;
      this.pairing = new SharePairing(id, SharePairing.Limits.DEFAULT, next);
      state = BootstrapState.read(secure);
      recover(stored);
      if (state.isEmpty()) {
        recall();
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
    state.filter(s -> !s.done()).ifPresent(_ -> startScript());
  }

  /** Each share is written under its new number before it is deleted under its old one. */
  private void recover(List<PendingShares.Stored> stored) throws IOException {
    boolean waits = state.isEmpty() || Files.exists(secure.resolve(RENEWING));
    for (PendingShares.Stored share : stored) {
      if (waits && !isUsed(share.share())) {
        offer(share.share());
      }
      pending.forget(share);
    }
    if (!waits) {
      pending.clear();
    }
  }

  /** The U of the boot before: with the V that the verifier gives again it makes the key again. */
  private void recall() throws IOException {
    Optional<PostedShare> u = kept.flatMap(KeptShare::recall);
    if (u.isPresent()) {
      offer(u.get());
    }
  }

  private boolean isUsed(PostedShare share) {
    return state
        .map(s -> MessageDigest.isEqual(share.fingerprint(), share.isU() ? s.u() : s.v()))
        .orElse(false);
  }

  /**
   * An owner asked for a proof of our identity: for some minutes from now on the same owner may
   * bring a U that, with its V, takes the place of the pair that was used.
   *
   * @param owner by the certificate of the connection
   */
  public synchronized void renew(String owner) {
    if (state.isPresent()) {
      renewal = Optional.of(new Renewal(owner, System.nanoTime() + RENEWAL_TIME.toNanos()));
    }
  }

  /** A V may come before its U, and long after: the verifier gives it when it trusts us. */
  private boolean isRenewal(PostedShare share) {
    Optional<Renewal> open = renewal.filter(Renewal::isOpen);
    return share.isU()
        ? open.filter(r -> r.owner().equals(share.poster())).isPresent()
        : open.isPresent() || pairing.holdsU();
  }

  /** The tenant's half. Throws {@link WireException} when it is not for our payload key. */
  public Outcome post(String poster, UKey u) {
    PostedShare.Owner owner =
        new PostedShare.Owner(u.authTag(), u.payload().map(Payload::bytes).orElse(new byte[0]));
    return post(
        new PostedShare(
            poster, PayloadKey.unwrap(payloadKey, u.encryptedKey()), Optional.of(owner)));
  }

  /** The verifier's half. Throws {@link WireException} when it is not for our payload key. */
  public Outcome post(String poster, VKey v) {
    return post(
        new PostedShare(poster, PayloadKey.unwrap(payloadKey, v.encryptedKey()), Optional.empty()));
  }

  /**
   * The proof that the node has the bootstrap key; empty before it has. While a new U waits for its
   * V it is empty, too: whoever brought it asks for the key that is to come.
   */
  public synchronized Optional<AuthTag> answer(VerifyChallenge challenge) {
    return pairing.holdsU() ? Optional.empty() : state.map(s -> s.key().answer(challenge));
  }

  /** Whether both halves have come together. */
  public synchronized boolean isDone() {
    return state.isPresent();
  }

  synchronized Outcome post(PostedShare share) {
    if (isUsed(share)) {
      share.share().close();
      return Outcome.TAKEN;
    }
    if (state.isPresent() && !isRenewal(share)) {
      share.share().close();
      audit.refused("share", "this boot is bootstrapped already; another share changes nothing");
      return Outcome.TOO_LATE;
    }
    try {
      if (state.isPresent()) {
        PrivateFiles.write(secure.resolve(RENEWING), "");
      }
      offer(share);
    } catch (IOException e) {
      throw unwritable(e);
    }
    return Outcome.TAKEN;
  }

  private void offer(PostedShare share) throws IOException {
    SharePairing.Offer offer = pairing.offer(share);
    for (long gone : offer.evicted()) {
      pending.remove(gone);
    }
    if (!offer.fresh()) {
      return;
    }
    pending.save(offer.arrival(), share);
    if (offer.pair().isPresent()) {
      join(offer.pair().get());
    }
    if (pairing.isSearching() && searcher.isEmpty()) {
      searcher = Optional.of(Thread.ofVirtual().name("keystead-pairing").start(this::searchOn));
    }
  }

  /** Tries what posts left untried, a little at a time. */
  private void searchOn() {
    try {
      while (searchStep()) {
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean searchStep() {
    if (!closed) {
      try {
        Optional<SharePairing.Pair> pair = pairing.search(BACKGROUND_ATTEMPTS);
        if (pair.isPresent()) {
          join(pair.get());
        }
      } catch (IOException e) {
        LOG.log(System.Logger.Level.ERROR, "the payload cannot be written: {0}", e.getMessage());
      }
    }
    boolean more = !closed && pairing.isSearching();
    if (!more) {
      searcher = Optional.empty();
    }
    return more;
  }

  /**
   * The pair fits: delivers the payload, and is bootstrapped from the moment that it lies there.
   */
  private void join(SharePairing.Pair pair) throws IOException {
    byte[] sealed = pair.u().owner().orElseThrow().payload();
    byte[] plain;
    try {
      plain = sealed.length == 0 ? sealed : new Payload(sealed).decrypt(pair.key());
    } catch (WireException e) {
      audit.refused("share", "its payload does not decrypt with the key that its tag belongs to");
      pairing.drop(pair.u());
      pair.key().close();
      return;
    }
    byte[] key = pair.key().copy();
    try {
      stopScript();
      int files = delivery.write(key, plain);
      PostedShare u = pair.u().copy();
      BootstrapState done =
          new BootstrapState(pair.key(), pair.u().fingerprint(), pair.v().fingerprint(), false);
      done.write(secure);
      state.ifPresent(before -> before.key().close());
      state = Optional.of(done);
      renewal = Optional.empty();
      pairing.clear();
      pending.clear();
      Files.deleteIfExists(secure.resolve(RENEWING));
      audit.happened(new AgentEvent.Bootstrapped(files));
      keep(u);
      startScript();
    } catch (IOException e) {
      // Dropped, so that whoever is told of the failure can post the same shares again.
      pairing.drop(pair.u());
      pairing.drop(pair.v());
      throw e;
    } finally {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(plain, (byte) 0);
    }
  }

  /** In the background: a TPM may take seconds for it, and the verifier waits for its answer. */
  private void keep(PostedShare u) {
    keeper =
        kept.map(place ->
            Thread.ofVirtual()
                .name("keystead-kept-share")
                .start(() -> {
                  place.keep(u);
                  u.share().close();
                }));
  }

  /** The script of a payload that is replaced. */
  private void stopScript() {
    script.ifPresent(Thread::interrupt);
    script = Optional.empty();
  }

  private void startScript() {
    int delivered = ++deliveries;
    script =
        Optional.of(Thread.ofVirtual().name("keystead-payload").start(() -> runScript(delivered)));
  }

  private void runScript(int delivered) {
    try {
      delivery.runScript();
      synchronized (this) {
        if (delivered != deliveries) {
          return;
        }
        BootstrapState finished = state.orElseThrow().finished();
        finished.write(secure);
        state = Optional.of(finished);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "the bootstrap cannot be recorded: {0}", e.getMessage());
    }
  }

  private static AgentException unwritable(IOException e) {
    return new AgentException("the secure directory cannot be used: " + e.getMessage(), e);
  }

  /** Stops what runs in the background; what is in the secure directory stays. */
  @Override
  public void close() {
    Optional<Thread> writing;
    synchronized (this) {
      closed = true;
      writing = keeper;
    }
    try {
      if (writing.isPresent()) {
        writing.get().join(CLOSE_TIME);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    script.ifPresent(Thread::interrupt);
    searcher.ifPresent(Thread::interrupt);
  }
}
