package dev.keystead.keylime.push;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.quote.PcrFile;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.keylime.WireException;
import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.ClockInfo;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmSignature;

/** A quote and the PCR values that go with it, on the wire. */
final class QuoteData {
  private static final int MAX_PCRS = 32 << 10;

  private QuoteData() {}

  static Quote read(Fields fields) {
    try {
      return new Quote(
          fields.bytes64("message", Possession.MAX_ATTEST),
          TpmSignature.parse(fields.bytes64("signature", Possession.MAX_SIGNATURE)),
          PcrFile.parse(fields.bytes64("subject_data", MAX_PCRS)));
    } catch (EvidenceException e) {
      throw WireException.malformed("subject_data", String.valueOf(e.getMessage()));
    }
  }

  static JsonObjectBuilder write(Quote quote) {
    return Json.object()
        .putBytes64("subject_data", PcrFile.write(quote.values()))
        .putBytes64("message", quote.attest())
        .putBytes64("signature", Possession.bytes(quote.signature()));
  }

  /** The same with its content in words beside it, where that can be read. */
  static JsonObjectBuilder explained(Quote quote) {
    JsonObjectBuilder banks = Json.object();
    quote
        .values()
        .banks()
        .forEach((bank, pcrs) -> {
          JsonObjectBuilder values = Json.object();
          pcrs.forEach((pcr, digest) -> values.put(Integer.toString(pcr), "0x" + digest.hex()));
          banks.put(bank.label(), values);
        });
    JsonObjectBuilder meta = Json.object().put("pcrs", banks);
    try {
      ClockInfo clock = Attest.parse(quote.attest()).clock();
      meta.put(
          "clock_info",
          Json.object()
              .put("clock", clock.clock())
              .put("reset_count", clock.resetCount())
              .put("restart_count", clock.restartCount())
              .put("safe", clock.safe() ? 1 : 0));
    } catch (TpmFormatException e) {
      return write(quote);
    }
    return write(quote).put("meta", meta);
  }
}
