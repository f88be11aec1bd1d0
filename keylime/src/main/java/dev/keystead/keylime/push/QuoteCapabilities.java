package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import java.util.List;

/**
 * What an agent's TPM can quote.
 *
 * @param version of the TPM: {@code 2.0}
 * @param hashes of signatures
 * @param schemes of signatures
 * @param subjects the banks and PCRs that it has
 * @param keys that it signs with
 */
public record QuoteCapabilities(
    String version,
    List<String> hashes,
    List<String> schemes,
    PcrBanks subjects,
    List<CertificationKey> keys) {

  static QuoteCapabilities read(Fields fields) {
    return new QuoteCapabilities(
        fields.text("component_version", 16),
        Names.read(fields, "hash_algorithms"),
        Names.read(fields, "signature_schemes"),
        PcrBanks.read(fields.object("available_subjects")),
        fields.list("certification_keys", 8).stream()
            .map(Field::fields)
            .map(CertificationKey::read)
            .toList());
  }

  JsonObjectBuilder write() {
    return Json.object()
        .put("component_version", version)
        .put("hash_algorithms", Json.strings(hashes))
        .put("signature_schemes", Json.strings(schemes))
        .put("available_subjects", subjects.write())
        .put(
            "certification_keys",
            Json.array(keys.stream().map(key -> key.write().build()).toList()));
  }
}
