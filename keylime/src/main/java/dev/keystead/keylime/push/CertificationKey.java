package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.quote.QuoteAlgorithms;
import dev.keystead.tpm.structure.TpmPublic;
import java.util.List;

/**
 * A key that quotes can be signed with.
 *
 * @param algorithm such as {@code rsa}
 * @param size in bits
 * @param serverIdentifier what the verifier calls it: {@code ak}
 * @param area its public area; on the wire without the size in front, with its Name beside it
 * @param hashes that it signs with
 * @param schemes that it signs with
 */
public record CertificationKey(
    String algorithm,
    int size,
    String serverIdentifier,
    TpmPublic area,
    List<String> hashes,
    List<String> schemes) {
  private static final int MAX_PUBLIC = 1024;

  /** An attestation key that signs with one scheme and hash. */
  public static CertificationKey of(TpmPublic area) {
    QuoteAlgorithms algorithms = QuoteAlgorithms.of(area);
    String encryption = algorithms.encryption();
    return new CertificationKey(
        encryption.substring(0, 3),
        Integer.parseInt(encryption.substring(3)),
        "ak",
        area,
        List.of(algorithms.hash().label()),
        List.of(algorithms.signing()));
  }

  static CertificationKey read(Fields fields) {
    if (!fields.text("key_class", 16).equals("asymmetric")) {
      throw WireException.malformed("key_class", "is not asymmetric");
    }
    TpmPublic area = TpmPublic.parse(fields.bytes64("public", MAX_PUBLIC));
    if (!fields.text("local_identifier", 132).equals(area.name().hex())) {
      throw WireException.malformed("local_identifier", "is not the Name of the key");
    }
    return new CertificationKey(
        fields.text("key_algorithm", 16),
        fields.integer("key_size", 1, 16384),
        fields.text("server_identifier", 16),
        area,
        Names.read(fields, "allowable_hash_algorithms"),
        Names.read(fields, "allowable_signature_schemes"));
  }

  JsonObjectBuilder write() {
    return Json.object()
        .put("key_class", "asymmetric")
        .put("key_algorithm", algorithm)
        .put("key_size", size)
        .put("server_identifier", serverIdentifier)
        .put("local_identifier", area.name().hex())
        .put("allowable_signature_schemes", Json.strings(schemes))
        .put("allowable_hash_algorithms", Json.strings(hashes))
        .putBytes64("public", area.toBytes());
  }
}
