package dev.keystead.claims.cbor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the fields of a map with integer keys, each with its type and limit. {@link #end} refuses
 * what nobody took, so that there are no fields without a meaning.
 */
public final class CborFields {
  private final String name;
  private final Map<Long, Cbor> fields = new HashMap<>();
  private final Set<Long> taken = new HashSet<>();

  private CborFields(String name) {
    this.name = name;
  }

  /**
   * The fields of {@code item}.
   *
   * @param name of the structure, for messages
   * @throws CborException when it is no map, or one with other keys than integers
   */
  public static CborFields of(Cbor item, String name) throws CborException {
    CborFields fields = new CborFields(name);
    if (!(item instanceof Cbor.Map map)) {
      throw new CborException(name + " is not a map");
    }
    for (Cbor.Entry entry : map.entries()) {
      if (!(entry.key() instanceof Cbor.Int(long key))) {
        throw new CborException(name + " has a key that is not an integer");
      }
      fields.fields.put(key, entry.value());
    }
    return fields;
  }

  /** Parses {@code bytes} and takes the fields of the map in it. */
  public static CborFields parse(byte[] bytes, int maxSize, String name) throws CborException {
    return of(Cbor.parse(bytes, maxSize), name);
  }

  /** A field of any type. */
  public Cbor item(long key) throws CborException {
    return find(key).orElseThrow(() -> missing(key));
  }

  /** A field of any type, if it is there. */
  public Optional<Cbor> find(long key) {
    @Nullable Cbor value = fields.get(key);
    taken.add(key);
    return Optional.ofNullable(value);
  }

  /** An integer from 0 to 2^63 - 1. */
  public long uint(long key) throws CborException {
    if (item(key) instanceof Cbor.Int(long value) && value >= 0) {
      return value;
    }
    throw wrong(key, "an unsigned integer");
  }

  /** Any integer. */
  public long integer(long key) throws CborException {
    if (item(key) instanceof Cbor.Int(long value)) {
      return value;
    }
    throw wrong(key, "an integer");
  }

  /** A byte string of {@code min} to {@code max} bytes. */
  public byte[] bytes(long key, int min, int max) throws CborException {
    if (item(key) instanceof Cbor.Bytes(byte[] value)
        && value.length >= min
        && value.length <= max) {
      return value;
    }
    throw wrong(key, "a string of " + min + " to " + max + " bytes");
  }

  /** A byte string of {@code min} to {@code max} bytes, if it is there. */
  public Optional<byte[]> optionalBytes(long key, int min, int max) throws CborException {
    return fields.containsKey(key) ? Optional.of(bytes(key, min, max)) : absent(key);
  }

  /** A text of at most {@code max} characters. */
  public String text(long key, int max) throws CborException {
    if (item(key) instanceof Cbor.Text(String value) && value.length() <= max) {
      return value;
    }
    throw wrong(key, "a text of at most " + max + " characters");
  }

  /** Requires that every field has been taken. */
  public void end() throws CborException {
    for (long key : fields.keySet()) {
      if (!taken.contains(key)) {
        throw new CborException(name + " has a field " + key + " that is not known");
      }
    }
  }

  private Optional<byte[]> absent(long key) {
    taken.add(key);
    return Optional.empty();
  }

  private CborException missing(long key) {
    return new CborException(name + " has no field " + key);
  }

  private CborException wrong(long key, String wanted) {
    return new CborException("field " + key + " of " + name + " is not " + wanted);
  }
}
