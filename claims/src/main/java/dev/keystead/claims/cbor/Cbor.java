package dev.keystead.claims.cbor;

import java.util.Arrays;
import java.util.List;

/**
 * A CBOR data item of the kinds that statements are made of: no floating point, no simple values,
 * no integers beyond 64 bits. A value has one encoding, the deterministic one.
 */
public sealed interface Cbor {
  /** An integer, major types 0 and 1. */
  record Int(long value) implements Cbor {}

  /** A byte string. */
  record Bytes(byte[] value) implements Cbor {
    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return value.length + " bytes";
    }
  }

  /** A text string; one with unpaired surrogates has no encoding. */
  record Text(String value) implements Cbor {}

  /** An array. */
  record Array(List<Cbor> items) implements Cbor {
    /** Copies the list. */
    public Array {
      items = List.copyOf(items);
    }
  }

  /**
   * A map.
   *
   * @param entries in the order of their encoded keys, each key once; {@link CborMap} makes them so
   */
  record Map(List<Entry> entries) implements Cbor {
    /** Copies the list. */
    public Map {
      entries = List.copyOf(entries);
    }
  }

  /** A key of a map with its value. */
  record Entry(Cbor key, Cbor value) {}

  /** A tagged item; tags are 0 to 2^63 - 1. */
  record Tag(long tag, Cbor item) implements Cbor {}

  /** The integer. */
  static Cbor of(long value) {
    return new Int(value);
  }

  /** The text string. */
  static Cbor of(String value) {
    return new Text(value);
  }

  /** The byte string. */
  static Cbor of(byte[] value) {
    return new Bytes(value);
  }

  /** The array of these items. */
  static Cbor array(Cbor... items) {
    return new Array(Arrays.asList(items));
  }

  /** The deterministic encoding. */
  default byte[] encode() {
    return CborWriter.encode(this);
  }

  /**
   * Parses all of {@code bytes}.
   *
   * @throws CborException when they are longer than {@code maxSize}, are not well formed, are not
   *     in the deterministic encoding, nest deeper than {@value CborReader#MAX_DEPTH}, contain
   *     something else than the kinds of this type, or go on behind the item
   */
  static Cbor parse(byte[] bytes, int maxSize) throws CborException {
    if (bytes.length > maxSize) {
      throw new CborException(bytes.length + " bytes of CBOR, at most " + maxSize + " can be");
    }
    return CborReader.read(bytes);
  }
}
