package dev.keystead.evidence.reference;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmFormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reference values as JSON: {@code {"type": "keystead-boot-reference", "version": 1, "pcrs":
 * {"sha256": {"0": hex}}, "events": [{"event": n, "pcr": n, "type": text, "text": text, "digests":
 * {"sha256": hex}}]}}.
 */
public final class ReferenceFile {
  private static final String TYPE = "keystead-boot-reference";
  private static final int MAX_EVENTS = 1 << 16;
  private static final int MAX_TEXT = 16 << 10;
  private static final Limits LIMITS = new Limits(64 << 20, 8, 1 << 20, 1 << 16, 16);

  private ReferenceFile() {}

  /** Writes reference values. */
  public static Json.Obj write(BootReference reference) {
    JsonObjectBuilder pcrs = Json.object();
    reference
        .pcrs()
        .banks()
        .forEach((bank, values) -> {
          JsonObjectBuilder of = Json.object();
          values.forEach((pcr, value) -> of.put(Integer.toString(pcr), value.hex()));
          pcrs.put(bank.label(), of);
        });
    return Json.object()
        .put("type", TYPE)
        .put("version", 1)
        .put("pcrs", pcrs)
        .put("events", Json.array(reference.events().stream().map(ReferenceFile::event).toList()))
        .build();
  }

  private static Json.Obj event(ReferenceEvent event) {
    JsonObjectBuilder digests = Json.object();
    new TreeMap<>(event.digests()).forEach((bank, value) -> digests.put(bank.label(), value.hex()));
    return Json.object()
        .put("event", event.number())
        .put("pcr", event.pcr())
        .put("type", event.type())
        .put("text", event.text())
        .put("digests", digests)
        .build();
  }

  /**
   * Parses all of {@code json}; unknown members are refused.
   *
   * @throws EvidenceException with POLICY_UNUSABLE
   */
  public static BootReference parse(byte[] json) {
    try {
      Fields top = Json.parseObject(json, LIMITS).fields("");
      if (!top.text("type").equals(TYPE)) {
        throw top.field("type").fault("expected \"" + TYPE + "\"");
      }
      top.integer("version", 1, 1);
      PcrValues pcrs = pcrs(top.object("pcrs"));
      List<ReferenceEvent> events = new ArrayList<>();
      for (Field event : top.list("events", MAX_EVENTS)) {
        events.add(event(event.fields(), pcrs));
      }
      top.done();
      return new BootReference(pcrs, events);
    } catch (JsonException | TpmFormatException e) {
      throw new EvidenceException(
          Code.POLICY_UNUSABLE, "reference values", String.valueOf(e.getMessage()));
    }
  }

  private static PcrValues pcrs(Fields banks) {
    SequencedMap<HashAlg, SortedMap<Integer, Digest>> values = new LinkedHashMap<>();
    for (String label : banks.names()) {
      HashAlg bank = bank(label);
      Fields pcrs = banks.object(label);
      SortedMap<Integer, Digest> of = new TreeMap<>();
      for (String pcr : pcrs.names()) {
        of.put(pcr(pcr), Digest.of(bank, pcrs.hex(pcr, bank.size())));
      }
      values.put(bank, of);
    }
    return new PcrValues(values);
  }

  private static ReferenceEvent event(Fields event, PcrValues pcrs) {
    Map<HashAlg, Digest> digests = new TreeMap<>();
    Fields of = event.object("digests");
    for (String label : of.names()) {
      HashAlg bank = bank(label);
      digests.put(bank, Digest.of(bank, of.hex(label, bank.size())));
    }
    if (!digests.keySet().equals(pcrs.banks().keySet())) {
      throw event.field("digests").fault("expected one of each bank of the PCRs");
    }
    ReferenceEvent read =
        new ReferenceEvent(
            event.integer("event", 0, Integer.MAX_VALUE),
            event.integer("pcr", 0, 23),
            event.text("type", 64),
            event.text("text", MAX_TEXT),
            digests);
    event.done();
    return read;
  }

  private static HashAlg bank(String label) {
    return HashAlg.named(label).orElseThrow(() -> new JsonException("a bank that is not known"));
  }

  private static int pcr(String text) {
    for (int pcr = 0; pcr < 24; pcr++) {
      if (Integer.toString(pcr).equals(text)) {
        return pcr;
      }
    }
    throw new JsonException("a PCR that does not exist");
  }
}
