package dev.keystead.keylime.quote;

import dev.keystead.keylime.Nonce;
import dev.keystead.keylime.WireException;
import java.util.Optional;
import java.util.function.Function;

/** What a quote is asked for with (section 4). */
public sealed interface QuoteQuery {
  /** The nonce. */
  Nonce nonce();

  /** The query of the URL, without the question mark. */
  String toQuery();

  /** The tenant's question: only the payload key's PCR. */
  record Identity(Nonce nonce) implements QuoteQuery {
    /** Reads decoded parameters, such as {@code target::parameter}. */
    public static Identity parse(Function<String, Optional<String>> parameters) {
      return new Identity(new Nonce(required(parameters, "nonce")));
    }

    @Override
    public String toQuery() {
      return "nonce=" + nonce.value();
    }
  }

  /**
   * The verifier's question.
   *
   * @param mask the PCRs; the agent adds PCR 16
   * @param partial whether the payload key need not be sent
   * @param imaEntry the first entry of the IMA list that is wanted
   */
  record Integrity(Nonce nonce, PcrMask mask, boolean partial, int imaEntry) implements QuoteQuery {
    /** Refuses a negative entry. */
    public Integrity {
      if (imaEntry < 0) {
        throw WireException.malformed("ima_ml_entry", "is negative");
      }
    }

    /**
     * Reads decoded parameters, such as {@code target::parameter}; without {@code ima_ml_entry} the
     * whole list is wanted.
     */
    public static Integrity parse(Function<String, Optional<String>> parameters) {
      return new Integrity(
          new Nonce(required(parameters, "nonce")),
          PcrMask.parse(required(parameters, "mask")),
          switch (required(parameters, "partial")) {
            case "0" -> false;
            case "1" -> true;
            default -> throw WireException.malformed("partial", "is neither 0 nor 1");
          },
          parameters.apply("ima_ml_entry").map(Integrity::entry).orElse(0));
    }

    private static int entry(String text) {
      if (text.isEmpty()
          || text.length() > 9
          || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
        throw WireException.malformed("ima_ml_entry", "is not a number of at most nine digits");
      }
      return Integer.parseInt(text);
    }

    @Override
    public String toQuery() {
      return "nonce=%s&mask=%s&partial=%d&ima_ml_entry=%d"
          .formatted(nonce.value(), mask, partial ? 1 : 0, imaEntry);
    }
  }

  private static String required(Function<String, Optional<String>> parameters, String name) {
    return parameters.apply(name).orElseThrow(() -> WireException.malformed(name, "missing"));
  }
}
