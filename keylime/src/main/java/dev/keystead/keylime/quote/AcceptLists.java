package dev.keystead.keylime.quote;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.Scheme;
import dev.keystead.keylime.WireException;
import dev.keystead.tpm.structure.HashAlg;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The algorithms that an owner accepts of an agent, in Keylime's names; {@code ecc} means {@code
 * ecc256} and {@code rsa} means {@code rsa2048}.
 */
public record AcceptLists(List<String> hashes, List<String> encryption, List<String> signing) {
  /** Today's algorithms: SHA-256 and longer; RSA from 2048 bits, P-256 and P-384. */
  public static final AcceptLists DEFAULT =
      new AcceptLists(
          List.of("sha512", "sha384", "sha256"),
          List.of("ecc", "rsa", "rsa3072", "rsa4096", "ecc384"),
          List.of("rsassa", "rsapss", "ecdsa"));

  /** Refuses empty lists and names that cannot be any algorithm's. */
  public AcceptLists {
    hashes = checked(hashes, "accept_tpm_hash_algs");
    encryption = checked(encryption, "accept_tpm_encryption_algs");
    signing = checked(signing, "accept_tpm_signing_algs");
  }

  private static List<String> checked(List<String> names, String field) {
    if (names.isEmpty()) {
      throw WireException.malformed(field, "is empty: nothing would be accepted");
    }
    names.forEach(name -> QuoteAlgorithms.requireName(name, field));
    return List.copyOf(names);
  }

  /** Reads the three fields of an enrolment or a status. */
  public static AcceptLists read(Fields fields) {
    return new AcceptLists(
        names(fields, "accept_tpm_hash_algs"),
        names(fields, "accept_tpm_encryption_algs"),
        names(fields, "accept_tpm_signing_algs"));
  }

  private static List<String> names(Fields fields, String field) {
    return fields.list(field, 32).stream().map(f -> f.text(16)).toList();
  }

  /** Writes the three fields. */
  public void write(JsonObjectBuilder out) {
    out.put("accept_tpm_hash_algs", Json.strings(hashes))
        .put("accept_tpm_encryption_algs", Json.strings(encryption))
        .put("accept_tpm_signing_algs", Json.strings(signing));
  }

  /**
   * Requires that all three are accepted.
   *
   * @throws EvidenceException with ALGORITHM_REFUSED; {@code where} is the field
   */
  public void require(QuoteAlgorithms said) {
    require(hashes, said.hash().label(), "hash_alg");
    require(encryption, said.encryption(), "enc_alg");
    require(signing, said.signing(), "sign_alg");
  }

  /**
   * The part of the lists that concerns the signature of a quote. Names that are not known, and
   * hashes weaker than SHA-256, are left out.
   *
   * @throws EvidenceException with POLICY_UNUSABLE when nothing is left
   */
  public AcceptedAlgorithms forQuotes() {
    Set<Scheme> schemes =
        Arrays.stream(Scheme.values())
            .filter(scheme -> signing.contains(scheme.label()))
            .collect(Collectors.toSet());
    Set<HashAlg> strong =
        AcceptedAlgorithms.ALL.hashes().stream()
            .filter(hash -> hashes.contains(hash.label()))
            .collect(Collectors.toSet());
    return new AcceptedAlgorithms(schemes, strong);
  }

  private static void require(List<String> accepted, String said, String field) {
    if (accepted.stream().noneMatch(name -> canonical(name).equals(canonical(said)))) {
      throw new EvidenceException(
          Code.ALGORITHM_REFUSED,
          field,
          "%s is not among the accepted %s".formatted(said, String.join(", ", accepted)));
    }
  }

  private static String canonical(String name) {
    return switch (name) {
      case "ecc" -> "ecc256";
      case "rsa" -> "rsa2048";
      default -> name;
    };
  }
}
