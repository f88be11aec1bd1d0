package dev.keystead.evidence.quote;

import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmFormatException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Values of PCRs 0 to 23 in one or more banks, immutable. Banks keep the order in which they were
 * given, which is the order in which a TPM hashes them; inside a bank PCRs ascend.
 */
public record PcrValues(SequencedMap<HashAlg, SortedMap<Integer, Digest>> banks) {
  /** Takes a copy; a bank without PCRs is left out, as it adds nothing to any digest. */
  public PcrValues {
    SequencedMap<HashAlg, SortedMap<Integer, Digest>> copy = new LinkedHashMap<>();
    banks.forEach((alg, bank) -> {
      if (!bank.isEmpty()) {
        bank.forEach((pcr, value) -> check(alg, pcr, value));
        copy.put(alg, Collections.unmodifiableSortedMap(new TreeMap<>(bank)));
      }
    });
    banks = Collections.unmodifiableSequencedMap(copy);
  }

  private static void check(HashAlg alg, int pcr, Digest value) {
    if (pcr < 0 || pcr > 23 || value.alg() != alg) {
      throw new TpmFormatException(
          "PCR %d of bank %s holds a %s digest".formatted(pcr, alg.label(), value.alg().label()));
    }
  }

  /** Values of one bank. */
  public static PcrValues of(HashAlg alg, Map<Integer, Digest> values) {
    SequencedMap<HashAlg, SortedMap<Integer, Digest>> banks = new LinkedHashMap<>();
    banks.put(alg, new TreeMap<>(values));
    return new PcrValues(banks);
  }

  /** The value of a PCR, if it is here. */
  public Optional<Digest> get(HashAlg alg, int pcr) {
    SortedMap<Integer, Digest> bank = banks.get(alg);
    return bank == null ? Optional.empty() : Optional.ofNullable(bank.get(pcr));
  }

  /** Which PCRs are here. */
  public PcrSelection selection() {
    List<PcrSelection.Bank> selected = new ArrayList<>();
    banks.forEach((alg, bank) -> {
      int mask = 0;
      for (int pcr : bank.keySet()) {
        mask |= 1 << pcr;
      }
      selected.add(new PcrSelection.Bank(alg, mask));
    });
    return new PcrSelection(selected);
  }

  /** The digest that a quote of exactly these PCRs attests, made with {@code alg}. */
  public byte[] pcrDigest(HashAlg alg) {
    MessageDigest digest = alg.digest();
    banks.values().forEach(bank -> bank.values().forEach(value -> digest.update(value.bytes())));
    return digest.digest();
  }
}
