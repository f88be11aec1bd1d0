package dev.keystead.tao.seal;

import dev.keystead.tao.PolicyKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A host's sealing key: what everything that the host seals is derived from. Each purpose has a key
 * of its own, by HKDF with SHA-256 over the purpose, the owner's policy key and the host, so a root
 * that came to another host or under another owner opens nothing.
 */
public final class SealingRoot {
  /** Bytes of the root secret, of the host's id and of every derived key. */
  public static final int SIZE = 32;

  private static final byte[] SALT = "keystead/seal/1".getBytes(StandardCharsets.US_ASCII);

  private final byte[] prk;
  private final byte[] hostId;
  private final PolicyKey owner;

  /**
   * The root of one host; the caller zeroes {@code secret} afterwards.
   *
   * @param secret 32 random bytes that nobody but the host has
   * @param hostId 32 bytes that no other host has; not secret, and clear in every blob
   * @param owner the policy key PK0
   */
  public SealingRoot(byte[] secret, byte[] hostId, PolicyKey owner) {
    if (secret.length != SIZE || hostId.length != SIZE) {
      throw new IllegalArgumentException("root secret and host id have 32 bytes each");
    }
    this.prk = Hkdf.extract(SALT, secret);
    this.hostId = hostId.clone();
    this.owner = owner;
  }

  /** A key of 32 bytes for one purpose, which the caller zeroes. */
  public byte[] derive(String purpose) {
    byte[] label = purpose.getBytes(StandardCharsets.US_ASCII);
    return Hkdf.expand(prk, label, new byte[1], owner.digest(), hostId);
  }

  /** The host's id. */
  public byte[] hostId() {
    return hostId.clone();
  }

  /** The policy key. */
  public PolicyKey owner() {
    return owner;
  }

  /** A cipher for one purpose, and the public name of its key. */
  BlobCipher cipher(String purpose) {
    byte[] key = derive(purpose);
    try {
      return new BlobCipher(key, purpose.getBytes(StandardCharsets.US_ASCII));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  @Override
  public String toString() {
    return "SealingRoot";
  }
}
