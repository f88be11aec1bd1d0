package dev.keystead.claims.cbor;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the deterministic encoding and nothing else; see {@link Cbor#parse}. */
final class CborReader {
  /** How deep arrays, maps and tags nest. */
  static final int MAX_DEPTH = 16;

  private final byte[] bytes;
  private int at;

  private CborReader(byte[] bytes) {
    this.bytes = bytes;
  }

  static Cbor read(byte[] bytes) throws CborException {
    CborReader reader = new CborReader(bytes);
    Cbor item = reader.item(0);
    if (reader.at != bytes.length) {
      throw new CborException((bytes.length - reader.at) + " trailing bytes");
    }
    return item;
  }

  private Cbor item(int depth) throws CborException {
    if (depth > MAX_DEPTH) {
      throw new CborException("nested deeper than " + MAX_DEPTH);
    }
    int first = u8();
    int major = first >>> 5;
    if (major > Major.TAG) {
      throw new CborException("simple values and floating point are not accepted");
    }
    long argument = argument(first & 31);
    return switch (major) {
      case Major.UNSIGNED -> new Cbor.Int(argument);
      case Major.NEGATIVE -> new Cbor.Int(~argument);
      case Major.BYTES -> new Cbor.Bytes(take(argument));
      case Major.TEXT -> new Cbor.Text(utf8(take(argument)));
      case Major.ARRAY -> array(count(argument, 1), depth);
      case Major.MAP -> map(count(argument, 2), depth);
      default -> new Cbor.Tag(argument, item(depth + 1));
    };
  }

  private Cbor array(int count, int depth) throws CborException {
    List<Cbor> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(item(depth + 1));
    }
    return new Cbor.Array(items);
  }

  private Cbor map(int count, int depth) throws CborException {
    List<Cbor.Entry> entries = new ArrayList<>();
    byte @Nullable [] before = null;
    for (int i = 0; i < count; i++) {
      int start = at;
      Cbor key = item(depth + 1);
      byte[] encoded = Arrays.copyOfRange(bytes, start, at);
      if (before != null && Arrays.compareUnsigned(before, encoded) >= 0) {
        throw new CborException("the keys of a map are not in order, or one stands twice");
      }
      before = encoded;
      entries.add(new Cbor.Entry(key, item(depth + 1)));
    }
    return new Cbor.Map(entries);
  }

  /** The argument of a head (RFC 8949, 3), which must be in its shortest form and below 2^63. */
  private long argument(int info) throws CborException {
    if (info < 24) {
      return info;
    }
    if (info > 27) {
      throw new CborException("indefinite lengths and reserved heads are not accepted");
    }
    int size = 1 << (info - 24);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = value << 8 | u8();
    }
    long smallest = size == 1 ? 24 : 1L << (4 * size);
    if (value < 0) {
      throw new CborException("a number of 2^63 or more");
    }
    if (value < smallest) {
      throw new CborException("a number is not in its shortest form");
    }
    return value;
  }

  /** As many items, of at least {@code size} bytes each, as there can be. */
  private int count(long argument, int size) throws CborException {
    if (argument > (bytes.length - at) / size) {
      throw new CborException("truncated");
    }
    return (int) argument;
  }

  private int u8() throws CborException {
    if (at == bytes.length) {
      throw new CborException("truncated");
    }
    return bytes[at++] & 0xff;
  }

  private byte[] take(long size) throws CborException {
    if (size > bytes.length - at) {
      throw new CborException("truncated");
    }
    byte[] value = Arrays.copyOfRange(bytes, at, at + (int) size);
    at += (int) size;
    return value;
  }

  private static String utf8(byte[] bytes) throws CborException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new CborException("a text is not UTF-8");
    }
  }
}
