package dev.keystead.node.bootstrap;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.bootstrap.BootstrapKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds the U and the V that belong together among all that were posted (duties, Agent 1). Only
 * trying tells whether two shares fit, so a flood of both halves would cost the product of their
 * numbers; here each post is tried against a bounded number of shares at once, the rest waits and
 * is worked off by {@link #search} at the rate at which that is called. docs/decisions/0009 has the
 * reasons and the bounds. Callers serialise.
 */
final class SharePairing {
  /**
   * How much is kept and tried.
   *
   * @param shares of each half
   * @param payload bytes of all payloads that wait
   * @param attempts pairs that a post tries before it is answered
   */
  record Limits(int shares, long payload, int attempts) {
    static final Limits DEFAULT = new Limits(16 << 10, 16 << 20, 64);
  }

  /** Two shares that fit, and the key that they make. */
  record Pair(PostedShare u, PostedShare v, BootstrapKey key) {}

  /** A share and the arrivals of the other half, exclusive, that it has not been tried against. */
  private static final class Search {
    private long low = -1;
    private long high;
    private boolean newestNext = true;

    Search(long high) {
      this.high = high;
    }
  }

  private final AgentId id;
  private final Limits limits;
  private final ShareSide us;
  private final ShareSide vs;
  private final TreeMap<Long, Search> unfinished = new TreeMap<>();
  private long arrivals;
  private long attempts;
  private boolean newestNext;

  SharePairing(AgentId id, Limits limits) {
    this(id, limits, 0);
  }

  /** Numbers arrivals from {@code first} on. */
  SharePairing(AgentId id, Limits limits, long first) {
    this.id = id;
    this.arrivals = first;
    this.limits = limits;
    us = new ShareSide(limits.shares, limits.payload);
    vs = new ShareSide(limits.shares, 0);
  }

  /** What became of a posted share. */
  record Offer(long arrival, boolean fresh, List<Long> evicted, Optional<Pair> pair) {}

  /** Takes a posted share, and tries it against those of the other half that wait. */
  Offer offer(PostedShare share) {
    long arrival = arrivals++;
    ShareSide side = share.isU() ? us : vs;
    if (!side.add(arrival, share, ShareSide.content(share))) {
      share.share().close();
      return new Offer(arrival, false, List.of(), Optional.empty());
    }
    List<Long> evicted = side.evict();
    evicted.forEach(unfinished::remove);
    if (side.get(arrival).isEmpty()) {
      return new Offer(arrival, false, evicted, Optional.empty());
    }
    Search search = new Search(arrival);
    unfinished.put(arrival, search);
    Optional<Pair> pair = advance(arrival, search, limits.attempts);
    return new Offer(arrival, true, evicted, pair);
  }

  /**
   * Tries at most {@code budget} of the pairs that wait, for the newest and oldest post in turn.
   */
  Optional<Pair> search(int budget) {
    long end = attempts + budget;
    while (attempts < end && !unfinished.isEmpty()) {
      newestNext = !newestNext;
      Map.Entry<Long, Search> next = newestNext ? unfinished.lastEntry() : unfinished.firstEntry();
      int part = (int) Math.min(64, end - attempts);
      Optional<Pair> pair = advance(next.getKey(), next.getValue(), part);
      if (pair.isPresent()) {
        return pair;
      }
    }
    return Optional.empty();
  }

  /** Whether pairs wait to be tried. */
  boolean isSearching() {
    return !unfinished.isEmpty();
  }

  /** Whether a U waits. */
  boolean holdsU() {
    return !us.arrivals().isEmpty();
  }

  /** How many pairs have been tried. */
  long attempts() {
    return attempts;
  }

  /** Drops a share that turned out to be of no use. */
  void drop(PostedShare share) {
    ShareSide side = share.isU() ? us : vs;
    side.arrivalOf(share)
        .ifPresent(arrival -> {
          side.remove(arrival);
          unfinished.remove(arrival);
        });
  }

  /** Forgets and zeroes all shares. */
  void clear() {
    unfinished.clear();
    for (ShareSide side : List.of(us, vs)) {
      new ArrayList<>(side.arrivals()).forEach(side::remove);
    }
  }

  private Optional<Pair> advance(long arrival, Search search, int budget) {
    PostedShare share = us.get(arrival).or(() -> vs.get(arrival)).orElseThrow();
    ShareSide others = share.isU() ? vs : us;
    for (int i = 0; i < budget; i++) {
      Optional<Long> other =
          search.newestNext ? others.before(search.high) : others.after(search.low);
      if (other.isEmpty() || other.get() <= search.low || other.get() >= search.high) {
        unfinished.remove(arrival);
        return Optional.empty();
      }
      if (search.newestNext) {
        search.high = other.get();
      } else {
        search.low = other.get();
      }
      search.newestNext = !search.newestNext;
      PostedShare found = others.get(other.get()).orElseThrow();
      Optional<Pair> pair = share.isU() ? join(share, found) : join(found, share);
      if (pair.isPresent()) {
        return pair;
      }
    }
    return Optional.empty();
  }

  private Optional<Pair> join(PostedShare u, PostedShare v) {
    attempts++;
    return u.owner()
        .flatMap(owner -> u.share().join(v.share(), id, owner.tag()))
        .map(key -> new Pair(u, v, key));
  }
}
