package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.keylime.WireException;
import java.security.SecureRandom;
import java.util.Arrays;

/** What a TPM signs to show that it signs now: 16 to 64 bytes, as long as TPMs take. */
public record Challenge(byte[] bytes) {
  private static final int SHORTEST = 16;
  private static final int LONGEST = 64;

  /** Checks the length. */
  public Challenge {
    if (bytes.length < SHORTEST || bytes.length > LONGEST) {
      throw WireException.malformed("challenge", "has " + bytes.length + " bytes, 16 to 64 can be");
    }
  }

  /** A fresh one of 32 bytes. */
  public static Challenge generate(SecureRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return new Challenge(bytes);
  }

  static Challenge read(Fields fields) {
    return new Challenge(fields.bytes64("challenge", LONGEST));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Challenge that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
