package dev.keystead.keylime.bootstrap;

import dev.keystead.keylime.Nonce;
import dev.keystead.keylime.WireException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Function;

/** The challenge of keys/verify: 1 to 64 ASCII letters and digits. */
public record VerifyChallenge(String value) {
  /** Checks the alphabet and the length. */
  public VerifyChallenge {
    Nonce.check(value, "challenge");
  }

  /** Reads decoded parameters, such as {@code target::parameter}. */
  public static VerifyChallenge parse(Function<String, Optional<String>> parameters) {
    return new VerifyChallenge(
        parameters
            .apply("challenge")
            .orElseThrow(() -> WireException.malformed("challenge", "missing")));
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
