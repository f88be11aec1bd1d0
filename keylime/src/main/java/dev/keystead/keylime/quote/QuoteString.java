package dev.keystead.keylime.quote;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.quote.PcrFile;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.keylime.WireException;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.Base64;

/**
 * The text form of a quote (section 4.1): {@code r}, then base64 of TPMS_ATTEST, TPMT_SIGNATURE and
 * tpm2-tools' PCR file, with colons between.
 */
public final class QuoteString {
  private static final int MAX_ATTEST = 2048;
  private static final int MAX_SIGNATURE = 1040;
  private static final int MAX_PCRS = 32 * 1024;
  private static final int MAX_LENGTH = (MAX_ATTEST + MAX_SIGNATURE + MAX_PCRS) * 4 / 3 + 16;

  private QuoteString() {}

  /** Reads all of {@code text}; nothing of the quote is verified by that. */
  public static Quote parse(String text) {
    if (text.length() > MAX_LENGTH || !text.startsWith("r")) {
      throw WireException.malformed("quote", "does not begin with r, or is too long");
    }
    String[] parts = text.substring(1).split(":", 4);
    if (parts.length != 3) {
      throw WireException.malformed("quote", "does not have three parts");
    }
    try {
      return new Quote(
          part(parts[0], MAX_ATTEST, "attest"),
          TpmSignature.parse(part(parts[1], MAX_SIGNATURE, "signature")),
          PcrFile.parse(part(parts[2], MAX_PCRS, "PCR values")));
    } catch (JsonException | TpmFormatException | EvidenceException e) {
      throw WireException.malformed("quote", String.valueOf(e.getMessage()));
    }
  }

  private static byte[] part(String text, int max, String name) {
    return new Field(name, Json.of(text)).bytes64(max);
  }

  /** Writes a quote. */
  public static String encode(Quote quote) {
    TpmWriter signature = new TpmWriter();
    quote.signature().write(signature);
    Base64.Encoder base64 = Base64.getEncoder();
    return "r"
        + base64.encodeToString(quote.attest())
        + ":"
        + base64.encodeToString(signature.toBytes())
        + ":"
        + base64.encodeToString(PcrFile.write(quote.values()));
  }
}
