package dev.keystead.tpm;

import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmWriter;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Bytes that are nobody else's business: an authorization value, sealed data, the secret of a
 * credential. It never prints; closing it zeroes it, and any use after that throws {@link
 * IllegalStateException}.
 */
public final class Secret implements AutoCloseable {
  private final byte[] value;
  private volatile boolean closed;

  private Secret(byte[] value) {
    this.value = value;
  }

  /** Takes a copy; the caller zeroes its own. */
  public static Secret of(byte[] value) {
    return new Secret(value.clone());
  }

  /** Reads a TPM2B. */
  public static Secret read(TpmReader in) {
    return new Secret(in.sized());
  }

  /** No bytes: the authorization value of most hierarchies and keys. */
  public static Secret empty() {
    return new Secret(new byte[0]);
  }

  /** A copy, which the caller zeroes. */
  public byte[] bytes() {
    if (closed) {
      throw new IllegalStateException("the secret has been closed");
    }
    return value.clone();
  }

  /**
   * A copy without trailing zero bytes: how a TPM keeps authorization values (Part 1, 19.6.4.3).
   */
  public byte[] authValue() {
    byte[] copy = bytes();
    int size = copy.length;
    while (size > 0 && copy[size - 1] == 0) {
      size--;
    }
    byte[] trimmed = Arrays.copyOf(copy, size);
    Arrays.fill(copy, (byte) 0);
    return trimmed;
  }

  /** Writes the bytes as a TPM2B. */
  public void write(TpmWriter out) {
    byte[] copy = bytes();
    out.sized(copy);
    Arrays.fill(copy, (byte) 0);
  }

  /** Zeroes the bytes, unless there are none to zero. */
  @Override
  public void close() {
    if (value.length > 0) {
      closed = true;
      Arrays.fill(value, (byte) 0);
    }
  }

  /** Compares in constant time. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && MessageDigest.isEqual(value, that.value);
  }

  /** The same for all secrets, so that it says nothing about the bytes. */
  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return "Secret";
  }
}
