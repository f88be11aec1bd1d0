package dev.keystead.evidence.ima;

import java.util.ArrayList;
import java.util.List;

/** Keys that files may be signed with; immutable and bounded. */
public record Keyring(List<ImaKey> keys) {
  /** The most keys of one keyring. */
  public static final int MOST_KEYS = 256;

  /** A keyring without keys. */
  public static final Keyring EMPTY = new Keyring(List.of());

  /** Copies the keys. */
  public Keyring {
    keys = List.copyOf(keys);
    if (keys.size() > MOST_KEYS) {
      throw new IllegalArgumentException("more than %d keys".formatted(MOST_KEYS));
    }
  }

  /** The keys with this id; usually none or one. */
  public List<ImaKey> find(int id) {
    List<ImaKey> found = new ArrayList<>(1);
    for (ImaKey key : keys) {
      if (key.id() == id) {
        found.add(key);
      }
    }
    return found;
  }

  /** Whether no further key fits. */
  public boolean isFull() {
    return keys.size() == MOST_KEYS;
  }

  /** This keyring with one key more; the same when it is there already or the keyring is full. */
  public Keyring with(ImaKey key) {
    if (keys.contains(key) || isFull()) {
      return this;
    }
    List<ImaKey> more = new ArrayList<>(keys);
    more.add(key);
    return new Keyring(more);
  }

  /** Whether there are no keys. */
  public boolean isEmpty() {
    return keys.isEmpty();
  }
}
