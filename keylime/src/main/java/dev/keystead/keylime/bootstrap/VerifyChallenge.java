package dev.keystead.keylime.bootstrap;

import dev.keystead.keylime.WireException;
import dev.keystead.keylime.quote.Nonce;
import java.security.SecureRandom;
import java.util.Map;

/** The challenge of keys/verify: 1 to 64 ASCII letters and digits. */
public record VerifyChallenge(String value) {
  /** Checks the alphabet and the length. */
  public VerifyChallenge {
    Nonce.check(value, "challenge");
  }

  /** Reads decoded parameters of the URL. */
  public static VerifyChallenge parse(Map<String, String> parameters) {
    String value = parameters.get("challenge");
    if (value == null) {
      throw WireException.malformed("challenge", "missing");
    }
    return new VerifyChallenge(value);
  }

  /** The query of the URL, without the question mark. */
  public String toQuery() {
    return "challenge=" + value;
  }

  /** A fresh one of 20 characters. */
  public static VerifyChallenge generate(SecureRandom random) {
    return new VerifyChallenge(Nonce.generate(random).value());
  }
}
