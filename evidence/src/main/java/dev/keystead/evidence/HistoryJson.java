package dev.keystead.evidence;

import dev.keystead.evidence.ima.ImaKey;
import dev.keystead.evidence.ima.ImaState;
import dev.keystead.evidence.ima.Keyring;
import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.tpm.structure.ClockInfo;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The checkpoint form of a history; what it does not know it refuses. */
final class HistoryJson {
  private static final int VERSION = 1;
  private static final long U32 = 0xffffffffL;

  private HistoryJson() {}

  static Json.Obj write(History history) {
    return Json.object()
        .put("version", VERSION)
        .put("revision", history.revision())
        .put("attestations", history.attestations())
        .putIfPresent("clock", history.clock().map(HistoryJson::write))
        .putIfPresent("boot", history.boot().map(HistoryJson::write))
        .putIfPresent("ima", history.ima().map(HistoryJson::write))
        .putIfPresent("payload_key", history.payloadKey().map(key -> Json.of(key.toString())))
        .build();
  }

  private static Json.Obj write(ClockInfo clock) {
    return Json.object()
        .put("clock", Long.toUnsignedString(clock.clock(), 16))
        .put("resets", clock.resetCount())
        .put("restarts", clock.restartCount())
        .put("safe", clock.safe())
        .build();
  }

  private static Json.Obj write(History.Boot boot) {
    return Json.object().put("pcrs", boot.pcrs().toString()).put("events", boot.events()).build();
  }

  private static Json.Obj write(History.Ima ima) {
    JsonObjectBuilder pcr10 = Json.object();
    ima.state().pcr10().values().forEach(pcr -> pcr10.put(pcr.alg().label(), pcr.hex()));
    List<Json> keys = new ArrayList<>();
    for (ImaKey key : ima.learned().keys()) {
      keys.add(
          Json.object()
              .put("id", Integer.toUnsignedLong(key.id()))
              .putBytes64("key", key.key().getEncoded())
              .build());
    }
    return Json.object()
        .put("entries", ima.state().entries())
        .put("pcr10", pcr10)
        .put("ahead", ima.ahead())
        .put("files", ima.files())
        .put("others", ima.others())
        .put("learned", Json.array(keys))
        .build();
  }

  static History read(Json.Obj json) {
    Fields fields = json.fields("");
    fields.integer("version", VERSION, VERSION);
    History history =
        new History(
            fields.text("revision", 128),
            count(fields, "attestations"),
            fields.optionalObject("clock").map(HistoryJson::clock),
            fields.optionalObject("boot").map(HistoryJson::boot),
            fields.optionalObject("ima").map(HistoryJson::ima),
            fields.optional("payload_key").map(HistoryJson::digest));
    fields.done();
    return history;
  }

  private static ClockInfo clock(Fields fields) {
    Field clock = fields.field("clock");
    if (!clock.text(16).matches("[0-9a-f]{1,16}")) {
      throw clock.fault("expected hex");
    }
    ClockInfo info =
        new ClockInfo(
            Long.parseUnsignedLong(clock.text(), 16),
            fields.integer("resets", 0L, U32),
            fields.integer("restarts", 0L, U32),
            fields.bool("safe"));
    fields.done();
    return info;
  }

  private static History.Boot boot(Fields fields) {
    Digest pcrs = digest(fields.field("pcrs"));
    History.Boot boot = new History.Boot(pcrs, fields.integer("events", 0, Integer.MAX_VALUE));
    fields.done();
    return boot;
  }

  private static History.Ima ima(Fields fields) {
    Fields banks = fields.object("pcr10");
    Map<HashAlg, Digest> pcr10 = new EnumMap<>(HashAlg.class);
    for (String label : banks.names()) {
      Field value = banks.field(label);
      HashAlg bank = HashAlg.named(label).orElseThrow(() -> value.fault("expected a bank"));
      pcr10.put(bank, digest(value, bank, value.text()));
    }
    if (pcr10.isEmpty()) {
      throw new JsonException("ima.pcr10: expected at least one bank");
    }
    History.Ima ima =
        new History.Ima(
            new ImaState(count(fields, "entries"), pcr10),
            count(fields, "ahead"),
            count(fields, "files"),
            count(fields, "others"),
            learned(fields.list("learned", Keyring.MOST_KEYS)));
    fields.done();
    return ima;
  }

  private static Keyring learned(List<Field> items) {
    List<ImaKey> keys = new ArrayList<>();
    for (Field item : items) {
      Fields fields = item.fields();
      int id = (int) fields.integer("id", 0L, U32);
      try {
        keys.add(new ImaKey(id, ImaKey.parseKey(fields.bytes64("key", ImaKey.LARGEST))));
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        throw item.fault("expected a public key");
      }
      fields.done();
    }
    return new Keyring(keys);
  }

  private static long count(Fields fields, String name) {
    return fields.integer(name, 0L, Long.MAX_VALUE);
  }

  private static Digest digest(Field field) {
    String text = field.text(160);
    int colon = text.indexOf(':');
    Optional<HashAlg> alg = HashAlg.named(text.substring(0, Math.max(colon, 0)));
    return digest(
        field, alg.orElseThrow(() -> field.fault("expected a digest")), text.substring(colon + 1));
  }

  private static Digest digest(Field field, HashAlg alg, String hex) {
    byte[] value = new Field(field.path(), Json.of(hex)).hex(alg.size());
    if (value.length != alg.size()) {
      throw field.fault("expected a digest of " + alg.label());
    }
    return Digest.of(alg, value);
  }
}
