package dev.keystead.keylime.bootstrap;

import dev.keystead.keylime.WireException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Key bytes that never print, compare in constant time and are gone after {@link #close}. Use after
 * close throws {@link IllegalStateException}.
 */
abstract sealed class SecretBytes implements AutoCloseable permits BootstrapKey, KeyShare {
  private final byte[] bytes;
  private volatile boolean closed;

  SecretBytes(byte[] bytes, String field) {
    if (bytes.length != 32 && bytes.length != 16) {
      Arrays.fill(bytes, (byte) 0);
      throw WireException.malformed(field, "is not a key of 16 or 32 bytes");
    }
    this.bytes = bytes;
  }

  /** The bytes themselves, for as long as the object lives; not to be kept or changed. */
  byte[] open() {
    if (closed) {
      throw new IllegalStateException("this key has been zeroed");
    }
    return bytes;
  }

  /** Bytes of this key: 16 or 32. */
  public final int size() {
    return bytes.length;
  }

  /** A copy, which the caller zeroes. */
  public final byte[] copy() {
    return open().clone();
  }

  /** Overwrites the key with zeros. */
  @Override
  public final void close() {
    closed = true;
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof SecretBytes that
        && getClass() == that.getClass()
        && MessageDigest.isEqual(open(), that.open());
  }

  /** The same for all keys, so that it tells nothing. */
  @Override
  public final int hashCode() {
    return getClass().hashCode();
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + " (" + bytes.length + " bytes)";
  }
}
