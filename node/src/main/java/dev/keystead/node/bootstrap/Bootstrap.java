package dev.keystead.node.bootstrap;

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
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The agent's part of the three-party bootstrap: shares come in, one pair fits, the payload is
 * decrypted and delivered, once for each boot. Everything lies in the secure directory, so that a
 * killed agent goes on where it was.
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
  private final SharePairing pairing;
  private final PendingShares pending;
  private Optional<BootstrapState> state;
  private Optional<Thread> searcher = Optional.empty();
  private Optional<Thread> script = Optional.empty();
  private boolean closed;

  /** What became of a posted share. */
  public enum Outcome {
    /** It is kept, or was used. */
    TAKEN,
    /** The node is bootstrapped, with another pair: nothing changes. */
    TOO_LATE
  }

  /**
   * Goes on where an earlier process of this boot was.
   *
   * @param payloadKey NK, which opens shares
   * @param secure the secure directory
   * @throws AgentException when what is there cannot be read or written
   */
  public Bootstrap(AgentId id, PrivateKey payloadKey, Path secure, Delivery delivery, Audit audit) {
    this.payloadKey = payloadKey;
    this.secure = secure;
    this.delivery = delivery;
    this.audit = audit;
    this.pending = new PendingShares(secure);
    try {
      List<PendingShares.Stored> stored = pending.stored();
      long next = stored.isEmpty() ? 0 : stored.getLast().arrival() + 1;
      this.pairing = new SharePairing(id, SharePairing.Limits.DEFAULT, next);
      state = BootstrapState.read(secure);
      recover(stored);
    } catch (IOException e) {
      throw unwritable(e);
    }
    state.filter(s -> !s.done()).ifPresent(_ -> startScript());
  }

  /** Each share is written under its new number before it is deleted under its old one. */
  private void recover(List<PendingShares.Stored> stored) throws IOException {
    for (PendingShares.Stored share : stored) {
      if (state.isEmpty()) {
        offer(share.share());
      }
      pending.forget(share);
    }
    if (state.isPresent()) {
      pending.clear();
    }
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

  /** The proof that the node has the bootstrap key; empty before it has. */
  public synchronized Optional<AuthTag> answer(VerifyChallenge challenge) {
    return state.map(s -> s.key().answer(challenge));
  }

  /** Whether both halves have come together. */
  public synchronized boolean isDone() {
    return state.isPresent();
  }

  synchronized Outcome post(PostedShare share) {
    if (state.isPresent()) {
      byte[] used = share.isU() ? state.get().u() : state.get().v();
      boolean same = MessageDigest.isEqual(share.fingerprint(), used);
      share.share().close();
      if (!same) {
        audit.refused("share", "this boot is bootstrapped already; another share changes nothing");
      }
      return same ? Outcome.TAKEN : Outcome.TOO_LATE;
    }
    try {
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
    if (state.isEmpty() && pairing.isSearching() && searcher.isEmpty()) {
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
    if (!closed && state.isEmpty()) {
      try {
        Optional<SharePairing.Pair> pair = pairing.search(BACKGROUND_ATTEMPTS);
        if (pair.isPresent()) {
          join(pair.get());
        }
      } catch (IOException e) {
        LOG.log(System.Logger.Level.ERROR, "the payload cannot be written: {0}", e.getMessage());
      }
    }
    boolean more = !closed && state.isEmpty() && pairing.isSearching();
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
      int files = delivery.write(key, plain);
      BootstrapState done =
          new BootstrapState(pair.key(), pair.u().fingerprint(), pair.v().fingerprint(), false);
      done.write(secure);
      state = Optional.of(done);
      pairing.clear();
      pending.clear();
      audit.happened(new AgentEvent.Bootstrapped(files));
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

  private void startScript() {
    script = Optional.of(Thread.ofVirtual().name("keystead-payload").start(this::runScript));
  }

  private void runScript() {
    try {
      delivery.runScript();
      synchronized (this) {
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
    synchronized (this) {
      closed = true;
    }
    script.ifPresent(Thread::interrupt);
    searcher.ifPresent(Thread::interrupt);
  }
}
