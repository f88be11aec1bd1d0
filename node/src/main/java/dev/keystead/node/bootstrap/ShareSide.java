package dev.keystead.node.bootstrap;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The kept shares of one half in the order of their arrival. When it is full, the poster who has
 * most in it loses the share in the middle of its own: its first and its last ones stay.
 */
final class ShareSide {
  private final int maxShares;
  private final long maxPayload;
  private final TreeMap<Long, PostedShare> shares = new TreeMap<>();
  private final Map<String, Long> contents = new HashMap<>();
  private final Map<String, List<Long>> byPoster = new HashMap<>();
  private long payload;

  ShareSide(int maxShares, long maxPayload) {
    this.maxShares = maxShares;
    this.maxPayload = maxPayload;
  }

  /** Keeps the share unless the same one is kept already; says whether it was new. */
  boolean add(long arrival, PostedShare share, String content) {
    if (contents.putIfAbsent(content, arrival) != null) {
      return false;
    }
    shares.put(arrival, share);
    byPoster.computeIfAbsent(share.poster(), _ -> new ArrayList<>()).add(arrival);
    payload += share.payloadSize();
    return true;
  }

  /** Makes room: the arrivals of the shares that had to go. */
  List<Long> evict() {
    List<Long> evicted = new ArrayList<>();
    while (shares.size() > maxShares || payload > maxPayload) {
      List<Long> own =
          byPoster.values().stream()
              .max((a, b) -> Integer.compare(a.size(), b.size()))
              .orElseThrow();
      Long victim = own.get(own.size() / 2);
      evicted.add(victim);
      remove(victim);
    }
    return evicted;
  }

  void remove(long arrival) {
    PostedShare share = shares.remove(arrival);
    if (share == null) {
      return;
    }
    contents.remove(content(share));
    payload -= share.payloadSize();
    List<Long> own = byPoster.getOrDefault(share.poster(), List.of());
    own.remove(Collections.binarySearch(own, arrival));
    if (own.isEmpty()) {
      byPoster.remove(share.poster());
    }
    share.share().close();
  }

  Optional<PostedShare> get(long arrival) {
    return Optional.ofNullable(shares.get(arrival));
  }

  /** When a share of this content arrived. */
  Optional<Long> arrivalOf(PostedShare share) {
    return Optional.ofNullable(contents.get(content(share)));
  }

  /** The last arrival before {@code arrival}. */
  Optional<Long> before(long arrival) {
    return Optional.ofNullable(shares.lowerKey(arrival));
  }

  /** The first arrival after {@code arrival}. */
  Optional<Long> after(long arrival) {
    return Optional.ofNullable(shares.higherKey(arrival));
  }

  /** All arrivals. */
  List<Long> arrivals() {
    return List.copyOf(shares.keySet());
  }

  static String content(PostedShare share) {
    return HexFormat.of().formatHex(share.fingerprint());
  }
}
