package dev.keystead.keylime.registration;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.Nonce;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.bootstrap.AuthTag;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * What a registrar hides in a credential: 32 ASCII letters and digits (section 3.2). An agent that
 * opens it proves so by the tag over its id.
 */
public final class ChallengeSecret implements AutoCloseable {
  private final byte[] bytes;

  private ChallengeSecret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A fresh one. */
  public static ChallengeSecret generate(SecureRandom random) {
    return new ChallengeSecret(Nonce.text(random, 32).getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Takes over what ActivateCredential gave, or what was stored; 1 to 64 bytes. Keylime's own are
   * 32 characters, but an agent has no reason to ask for that.
   */
  public static ChallengeSecret adopt(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > 64) {
      throw WireException.malformed("blob", "hides a secret of " + bytes.length + " bytes");
    }
    return new ChallengeSecret(bytes);
  }

  /** A copy of the bytes, to be hidden in a credential. */
  public byte[] copy() {
    return bytes.clone();
  }

  /** The tag by which an agent proves that it has the secret: keyed with its base64 text (3.3). */
  public AuthTag authTag(AgentId id) {
    byte[] key = Base64.getEncoder().encode(bytes);
    try {
      return AuthTag.of(key, id.bytes());
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Overwrites the secret with zeros. */
  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChallengeSecret that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return ChallengeSecret.class.hashCode();
  }

  @Override
  public String toString() {
    return "ChallengeSecret";
  }
}
