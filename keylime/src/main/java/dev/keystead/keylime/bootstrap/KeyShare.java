package dev.keystead.keylime.bootstrap;

import dev.keystead.evidence.json.Field;
import dev.keystead.keylime.AgentId;
import java.util.Base64;
import java.util.Optional;

/**
 * One half of a bootstrap key: U, which the tenant gives to the agent, or V, which the verifier
 * does. Either alone tells nothing about the key.
 */
public final class KeyShare extends SecretBytes {
  private KeyShare(byte[] bytes) {
    super(bytes, "key share");
  }

  /** Takes the bytes over (16 or 32); the caller must not keep them. */
  public static KeyShare adopt(byte[] bytes) {
    return new KeyShare(bytes);
  }

  /** Reads base64 of 16 or 32 bytes: the field {@code v} of an enrolment. */
  public static KeyShare parse(Field field) {
    return new KeyShare(field.bytes64(32));
  }

  /** Base64. The text cannot be zeroed: make it where it is sent. */
  public String toBase64() {
    return Base64.getEncoder().encodeToString(open());
  }

  /**
   * The key of which these are the halves, if it is: the xor of both makes {@code tag} over the
   * agent's id (section 5). Shares of different sizes never fit.
   */
  public Optional<BootstrapKey> join(KeyShare other, AgentId id, AuthTag tag) {
    byte[] a = open();
    byte[] b = other.open();
    if (a.length != b.length) {
      return Optional.empty();
    }
    BootstrapKey key = BootstrapKey.adopt(xor(a, b));
    if (key.authTag(id).equals(tag)) {
      return Optional.of(key);
    }
    key.close();
    return Optional.empty();
  }

  static byte[] xor(byte[] a, byte[] b) {
    byte[] out = new byte[a.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) (a[i] ^ b[i]);
    }
    return out;
  }
}
