package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;

/**
 * The quote that is asked for.
 *
 * @param scheme of the signature
 * @param hash of the signature
 * @param subjects the PCRs; banks that are not wanted have none
 * @param key to sign with, one of those that were offered
 */
public record QuoteRequest(
    Challenge challenge, String scheme, String hash, PcrBanks subjects, CertificationKey key) {

  static QuoteRequest read(Fields fields) {
    return new QuoteRequest(
        Challenge.read(fields),
        Names.name(fields.field("signature_scheme")),
        Names.name(fields.field("hash_algorithm")),
        PcrBanks.read(fields.object("selected_subjects")),
        CertificationKey.read(fields.object("certification_key")));
  }

  JsonObjectBuilder write() {
    return Json.object()
        .putBytes64("challenge", challenge.bytes())
        .put("signature_scheme", scheme)
        .put("hash_algorithm", hash)
        .put("selected_subjects", subjects.write())
        .put("certification_key", key.write());
  }
}
