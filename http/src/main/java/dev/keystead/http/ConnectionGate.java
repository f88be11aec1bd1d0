package dev.keystead.http;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections, in all and per address. */
final class ConnectionGate {
  private final int total;
  private final int perAddress;
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentHashMap<InetAddress, Integer> addresses = new ConcurrentHashMap<>();

  ConnectionGate(int total, int perAddress) {
    this.total = total;
    this.perAddress = perAddress;
  }

  /** Lets one more in, to be followed by one {@link #leave}; or returns false. */
  boolean enter(InetAddress address) {
    if (open.incrementAndGet() > total) {
      open.decrementAndGet();
      return false;
    }
    int before = addresses.merge(address, 1, Integer::sum) - 1;
    if (before >= perAddress) {
      leave(address);
      return false;
    }
    return true;
  }

  void leave(InetAddress address) {
    addresses.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    open.decrementAndGet();
  }
}
