package dev.keystead.evidence.quote;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.tpm.structure.HashAlg;
import java.util.Set;

/**
 * What a quote may be signed with.
 *
 * @param schemes at least one
 * @param hashes at least one, none weaker than SHA-256
 */
public record AcceptedAlgorithms(Set<Scheme> schemes, Set<HashAlg> hashes) {
  /** All schemes, with SHA-256, SHA-384 or SHA-512. */
  public static final AcceptedAlgorithms ALL =
      new AcceptedAlgorithms(Set.of(Scheme.values()), Scheme.STRONG_HASHES);

  /** Refuses weak hashes and empty sets with POLICY_UNUSABLE. */
  public AcceptedAlgorithms {
    schemes = Set.copyOf(schemes);
    hashes = Set.copyOf(hashes);
    if (schemes.isEmpty() || hashes.isEmpty()) {
      throw unusable("nothing is accepted");
    }
    for (HashAlg hash : hashes) {
      if (!Scheme.STRONG_HASHES.contains(hash)) {
        throw unusable(hash.label() + " is no hash to sign quotes with");
      }
    }
  }

  private static EvidenceException unusable(String detail) {
    return new EvidenceException(Code.POLICY_UNUSABLE, "accepted algorithms", detail);
  }
}
