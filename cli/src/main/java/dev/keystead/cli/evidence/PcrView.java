package dev.keystead.cli.evidence;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** PCR values as the command line shows them. */
public final class PcrView {
  private PcrView() {}

  /** {@code {"sha256": {"0": "hex", …}, …}}. */
  public static Json json(PcrValues values) {
    return json(values.banks());
  }

  /** {@code {"sha256": {"0": "hex", …}, …}}. */
  public static Json json(Map<HashAlg, ? extends Map<Integer, Digest>> banks) {
    JsonObjectBuilder json = Json.object();
    banks.forEach((alg, bank) -> {
      JsonObjectBuilder pcrs = Json.object();
      bank.forEach((pcr, value) -> pcrs.put(Integer.toString(pcr), value.hex()));
      json.put(alg.label(), pcrs);
    });
    return json.build();
  }

  /** One line for each PCR. */
  public static List<String> lines(PcrValues values) {
    return lines(values.banks());
  }

  /** One line for each PCR. */
  public static List<String> lines(Map<HashAlg, ? extends Map<Integer, Digest>> banks) {
    List<String> lines = new ArrayList<>();
    banks.forEach((alg, bank) ->
        bank.forEach(
            (pcr, value) -> lines.add("  PCR %2d %s %s".formatted(pcr, alg.label(), value.hex()))));
    return lines;
  }
}
