package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.quote.PcrMask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * PCRs by bank, under the names of the wire; a bank may be named without PCRs.
 *
 * @param masks empty for a bank that is {@code null} on the wire
 */
public record PcrBanks(SortedMap<String, Optional<PcrMask>> masks) {
  private static final int MAX_BANKS = 16;
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,16}");

  /** Takes a copy; refuses names that cannot be any bank's. */
  public PcrBanks {
    if (masks.size() > MAX_BANKS
        || !masks.keySet().stream().allMatch(n -> NAME.matcher(n).matches())) {
      throw WireException.malformed("PCR banks", "are too many, or have a name that none has");
    }
    masks = Collections.unmodifiableSortedMap(new TreeMap<>(masks));
  }

  static PcrBanks read(Fields banks) {
    SortedMap<String, Optional<PcrMask>> masks = new TreeMap<>();
    for (String name : banks.names()) {
      masks.put(name, banks.optional(name).map(PcrBanks::mask));
    }
    return new PcrBanks(masks);
  }

  private static PcrMask mask(Field pcrs) {
    PcrMask mask = PcrMask.NONE;
    for (Field pcr : pcrs.list(24)) {
      int number = pcr.integer(0, 23);
      if (mask.contains(number)) {
        throw pcr.fault("the PCR is there twice");
      }
      mask = mask.with(number);
    }
    return mask;
  }

  /** The PCRs of a bank; none when it has no such bank. */
  public PcrMask of(String bank) {
    return masks.getOrDefault(bank, Optional.empty()).orElse(PcrMask.NONE);
  }

  /** PCRs of one of these banks, with all other banks named without any. */
  public PcrBanks choosing(String bank, PcrMask pcrs) {
    SortedMap<String, Optional<PcrMask>> chosen = new TreeMap<>();
    masks.keySet().forEach(name -> chosen.put(name, Optional.empty()));
    chosen.put(bank, Optional.of(pcrs));
    return new PcrBanks(chosen);
  }

  JsonObjectBuilder write() {
    JsonObjectBuilder banks = Json.object();
    masks.forEach((name, mask) ->
        mask.ifPresentOrElse(m -> banks.put(name, numbers(m)), () -> banks.putNull(name)));
    return banks;
  }

  private static Json.Arr numbers(PcrMask mask) {
    List<Json> numbers = new ArrayList<>();
    for (int pcr = 0; pcr < 24; pcr++) {
      if (mask.contains(pcr)) {
        numbers.add(Json.of(pcr));
      }
    }
    return Json.array(numbers);
  }
}
