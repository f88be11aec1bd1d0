package dev.keystead.tpm.property;

import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.Pcr;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmFormatException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Values of PCRs.
 *
 * @param banks by bank and PCR; a bank that was not selected is missing
 */
public record PcrValues(Map<HashAlg, NavigableMap<Integer, Digest>> banks) {
  /** The values of one bank, none when it was not selected. */
  public NavigableMap<Integer, Digest> bank(HashAlg alg) {
    return banks.getOrDefault(alg, Collections.emptyNavigableMap());
  }

  /**
   * Reads all selected PCRs, however few a TPM returns at once. They are read in several commands,
   * so a PCR may change in between; what decides is the digest in a quote.
   *
   * @throws TpmException when the TPM does not have one of the PCRs
   */
  public static PcrValues read(Tpm tpm, PcrSelection selection) throws TpmException {
    Map<HashAlg, NavigableMap<Integer, Digest>> values = new EnumMap<>(HashAlg.class);
    PcrSelection wanted = selection;
    while (wanted.banks().stream().anyMatch(bank -> bank.mask() != 0)) {
      Pcr.Values part = tpm.execute(new Pcr.Read(wanted));
      PcrSelection left = without(wanted, part.selection());
      if (left.equals(wanted)) {
        throw new TpmException("the TPM does not have all of the PCRs " + wanted);
      }
      collect(part, values);
      wanted = left;
    }
    return new PcrValues(Collections.unmodifiableMap(values));
  }

  private static PcrSelection without(PcrSelection wanted, PcrSelection read) throws TpmException {
    List<PcrSelection.Bank> left = new ArrayList<>();
    for (PcrSelection.Bank bank : wanted.banks()) {
      left.add(new PcrSelection.Bank(bank.alg(), bank.mask() & ~read.mask(bank.alg())));
    }
    for (PcrSelection.Bank bank : read.banks()) {
      if ((bank.mask() & ~wanted.mask(bank.alg())) != 0) {
        throw new TpmException("the TPM returned PCRs that were not asked for");
      }
    }
    return new PcrSelection(left);
  }

  private static void collect(Pcr.Values part, Map<HashAlg, NavigableMap<Integer, Digest>> values)
      throws TpmException {
    Iterator<byte[]> digests = part.digests().iterator();
    try {
      for (PcrSelection.Bank bank : part.selection().banks()) {
        var ofBank = values.computeIfAbsent(bank.alg(), _ -> new TreeMap<>());
        for (int pcr : bank.pcrs().toArray()) {
          if (!digests.hasNext()) {
            throw new TpmException("fewer PCR values than PCRs");
          }
          ofBank.put(pcr, Digest.of(bank.alg(), digests.next()));
        }
      }
    } catch (TpmFormatException e) {
      throw new TpmException("a PCR value is malformed: " + e.getMessage(), e);
    }
    if (digests.hasNext()) {
      throw new TpmException("more PCR values than PCRs");
    }
  }
}
