package dev.keystead.keylime.quote;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.keylime.WireException;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmSignature;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The algorithms of an agent's TPM, in Keylime's names.
 *
 * @param hash the PCR bank, and the hash of the quote's signature
 * @param encryption the key's type and size: {@code rsa2048}, {@code ecc384}; before 2.5 {@code
 *     rsa} and {@code ecc} for RSA-2048 and P-256
 * @param signing {@code rsassa}, {@code rsapss}, {@code ecdsa}
 */
public record QuoteAlgorithms(HashAlg hash, String encryption, String signing) {
  private static final Set<HashAlg> HASHES =
      Set.of(HashAlg.SHA1, HashAlg.SHA256, HashAlg.SHA384, HashAlg.SHA512);
  private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,16}");

  /** Refuses names that cannot be any algorithm's. */
  public QuoteAlgorithms {
    if (!HASHES.contains(hash)) {
      throw WireException.malformed("hash_alg", "is none of Keylime's");
    }
    requireName(encryption, "enc_alg");
    requireName(signing, "sign_alg");
  }

  /** Those of an attestation key that signs with a scheme and hash of its own, as 2.5 says them. */
  public static QuoteAlgorithms of(TpmPublic key) {
    return switch (key.key()) {
      case TpmPublic.Rsa rsa ->
          new QuoteAlgorithms(
              rsa.schemeHash().orElseThrow(() -> noScheme()),
              "rsa" + rsa.bits(),
              scheme(rsa.scheme()));
      case TpmPublic.Ecc ecc ->
          new QuoteAlgorithms(
              ecc.schemeHash().orElseThrow(() -> noScheme()),
              "ecc" + ecc.curve().size() * 8,
              scheme(ecc.scheme()));
      case TpmPublic.KeyedHash _ -> throw noScheme();
    };
  }

  private static WireException noScheme() {
    return WireException.malformed("attestation key", "has no scheme to sign with");
  }

  private static String scheme(int id) {
    return switch (id) {
      case TpmSignature.RSASSA -> "rsassa";
      case TpmSignature.RSAPSS -> "rsapss";
      case TpmSignature.ECDSA -> "ecdsa";
      default -> throw noScheme();
    };
  }

  static QuoteAlgorithms read(Fields fields) {
    String hash = fields.text("hash_alg", 16);
    return new QuoteAlgorithms(
        HashAlg.named(hash)
            .orElseThrow(() -> WireException.malformed("hash_alg", "is none of Keylime's")),
        fields.text("enc_alg", 16),
        fields.text("sign_alg", 16));
  }

  void write(JsonObjectBuilder out) {
    out.put("hash_alg", hash.label()).put("enc_alg", encryption).put("sign_alg", signing);
  }

  static void requireName(String name, String field) {
    if (!NAME.matcher(name).matches()) {
      throw WireException.malformed(field, "is not an algorithm's name");
    }
  }
}
