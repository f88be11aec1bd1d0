package dev.keystead.claims.cbor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Collects the entries of a map, in any order. */
public final class CborMap {
  private static final Comparator<Cbor.Entry> BY_ENCODED_KEY = (a, b) -> compare(a.key(), b.key());

  private final List<Cbor.Entry> entries = new ArrayList<>();

  /** Adds an entry. */
  public CborMap put(long key, Cbor value) {
    return put(Cbor.of(key), value);
  }

  /** Adds an entry. */
  public CborMap put(Cbor key, Cbor value) {
    entries.add(new Cbor.Entry(key, value));
    return this;
  }

  /**
   * The map.
   *
   * @throws IllegalArgumentException when a key was added twice
   */
  public Cbor.Map toCbor() {
    List<Cbor.Entry> sorted = new ArrayList<>(entries);
    sorted.sort(BY_ENCODED_KEY);
    for (int i = 1; i < sorted.size(); i++) {
      if (BY_ENCODED_KEY.compare(sorted.get(i - 1), sorted.get(i)) == 0) {
        throw new IllegalArgumentException("a key stands twice in a map");
      }
    }
    return new Cbor.Map(sorted);
  }

  /** The map's encoding. */
  public byte[] encode() {
    return toCbor().encode();
  }

  /** Compares encodings; those of integers from 0 up are in the integers' order. */
  private static int compare(Cbor a, Cbor b) {
    return a instanceof Cbor.Int(long x) && b instanceof Cbor.Int(long y) && x >= 0 && y >= 0
        ? Long.compare(x, y)
        : Arrays.compareUnsigned(a.encode(), b.encode());
  }
}
