package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.keylime.WireException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One thing for each kind of evidence: what can be had of it, what is asked for, or what came.
 *
 * @param quote for the quote, which is always part of it
 * @param uefi for the firmware's event log
 * @param ima for the kernel's measurement list
 */
public record EvidenceItems<Q, U, I>(Q quote, Optional<U> uefi, Optional<I> ima) {
  private static final int MAX_ITEMS = 16;
  private static final String QUOTE = "tpm_quote";
  private static final String UEFI = "uefi_log";
  private static final String IMA = "ima_log";

  /**
   * Reads the part of this name of each item in a list; kinds that are not known are passed over.
   */
  static <Q, U, I> EvidenceItems<Q, U, I> read(
      Fields attributes,
      String list,
      String part,
      Function<Fields, Q> quote,
      Function<Fields, U> uefi,
      Function<Fields, I> ima) {
    Map<String, Fields> parts = new HashMap<>();
    for (Field item : attributes.list(list, MAX_ITEMS)) {
      Fields fields = item.fields();
      String type = fields.text("evidence_type", 32);
      if (!fields.text("evidence_class", 32).equals(type.equals(QUOTE) ? "certification" : "log")) {
        throw WireException.malformed(list, "has an evidence_class that is not its type's");
      }
      if (parts.put(type, fields.object(part)) != null) {
        throw WireException.malformed(list, "has a type twice");
      }
    }
    Fields quoted = parts.get(QUOTE);
    if (quoted == null) {
      throw WireException.malformed(list, "has no tpm_quote");
    }
    return new EvidenceItems<>(
        quote.apply(quoted),
        Optional.ofNullable(parts.get(UEFI)).map(uefi),
        Optional.ofNullable(parts.get(IMA)).map(ima));
  }

  /** These items, each written. */
  EvidenceItems<Json, Json, Json> map(
      Function<Q, JsonObjectBuilder> writeQuote,
      Function<U, JsonObjectBuilder> writeUefi,
      Function<I, JsonObjectBuilder> writeIma) {
    return new EvidenceItems<>(
        writeQuote.apply(quote).build(),
        uefi.map(u -> writeUefi.apply(u).build()),
        ima.map(i -> writeIma.apply(i).build()));
  }

  /**
   * A list with these parts of each item, by name; a kind is listed when its last part is there.
   */
  static Json.Arr write(Map<String, EvidenceItems<Json, Json, Json>> parts) {
    List<Json> items = new ArrayList<>();
    for (String type : List.of(QUOTE, UEFI, IMA)) {
      JsonObjectBuilder item =
          Json.object()
              .put("evidence_class", type.equals(QUOTE) ? "certification" : "log")
              .put("evidence_type", type);
      boolean there = false;
      for (Map.Entry<String, EvidenceItems<Json, Json, Json>> part : parts.entrySet()) {
        Optional<Json> value = of(part.getValue(), type);
        there = value.isPresent();
        item.putIfPresent(part.getKey(), value);
      }
      if (there) {
        items.add(item.build());
      }
    }
    return Json.array(items);
  }

  private static Optional<Json> of(EvidenceItems<Json, Json, Json> items, String type) {
    return switch (type) {
      case QUOTE -> Optional.of(items.quote());
      case UEFI -> items.uefi();
      default -> items.ima();
    };
  }
}
