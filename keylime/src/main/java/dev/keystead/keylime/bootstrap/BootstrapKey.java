package dev.keystead.keylime.bootstrap;

import dev.keystead.keylime.AgentId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * The key K of one agent's payload (section 5). The tenant makes it, splits it and forgets it; only
 * an agent that was given both halves has it again. Never use one key for two agents.
 */
public final class BootstrapKey extends SecretBytes {
  private BootstrapKey(byte[] bytes) {
    super(bytes, "bootstrap key");
  }

  /** Both halves of a key: K = U xor V. */
  public record Shares(KeyShare u, KeyShare v) implements AutoCloseable {
    /** Zeroes both. */
    @Override
    public void close() {
      u.close();
      v.close();
    }
  }

  /** A fresh key of 32 bytes. */
  public static BootstrapKey generate(SecureRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return new BootstrapKey(bytes);
  }

  /** Takes the bytes over (16 or 32); the caller must not keep them. */
  public static BootstrapKey adopt(byte[] bytes) {
    return new BootstrapKey(bytes);
  }

  /** Splits the key with a fresh random V. */
  public Shares split(SecureRandom random) {
    byte[] v = new byte[size()];
    random.nextBytes(v);
    return new Shares(KeyShare.adopt(KeyShare.xor(open(), v)), KeyShare.adopt(v));
  }

  /** The tag that shows to whom U belongs: HMAC over the agent's id. */
  public AuthTag authTag(AgentId id) {
    return AuthTag.of(open(), id.bytes());
  }

  /** The answer to keys/verify: HMAC over the challenge's text. */
  public AuthTag answer(VerifyChallenge challenge) {
    return AuthTag.of(open(), challenge.value().getBytes(StandardCharsets.US_ASCII));
  }
}
