package dev.keystead.evidence.ima;

import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * How far a list has been replayed: its size does not depend on the list's.
 *
 * @param entries how many entries from the first on
 * @param pcr10 the value of PCR 10 after them, for each bank
 */
public record ImaState(long entries, Map<HashAlg, Digest> pcr10) {
  /** Copies the values, and checks that each is of its bank. */
  public ImaState {
    if (entries < 0 || pcr10.isEmpty()) {
      throw new IllegalArgumentException("a replay of a number of entries in at least one bank");
    }
    Map<HashAlg, Digest> copy = new EnumMap<>(pcr10);
    copy.forEach((bank, value) -> {
      if (value.alg() != bank) {
        throw new IllegalArgumentException("a value of another bank");
      }
    });
    pcr10 = Collections.unmodifiableMap(copy);
  }

  /** Before the first entry: PCR 10 of each bank is zero. */
  public static ImaState start(Set<HashAlg> banks) {
    Map<HashAlg, Digest> zero = new EnumMap<>(HashAlg.class);
    banks.forEach(bank -> zero.put(bank, Digest.zero(bank)));
    return new ImaState(0, zero);
  }
}
