package dev.keystead.node.ima;

import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaReader;
import dev.keystead.evidence.ima.ImaReplay;
import dev.keystead.evidence.ima.ImaState;
import dev.keystead.node.AgentException;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.Capability;
import dev.keystead.tpm.command.Pcr;
import dev.keystead.tpm.property.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Does what the kernel's IMA does to a TPM, from a list file that grows: extends PCR 10 of every
 * active bank with each new entry. For machines whose kernel has no IMA, and for tests; what such a
 * list says, nobody has measured. Used by one thread at a time.
 */
public final class ImaEmulator {
  private final Tpm tpm;
  private final MeasurementFile list;
  private final Set<HashAlg> banks;
  private long extended;

  private ImaEmulator(Tpm tpm, MeasurementFile list, Set<HashAlg> banks, long extended) {
    this.tpm = tpm;
    this.list = list;
    this.banks = banks;
    this.extended = extended;
  }

  /**
   * Finds out how much of the list PCR 10 holds already: nothing after a reset of the TPM, all that
   * an earlier emulator extended otherwise.
   *
   * @throws AgentException when PCR 10 holds something that the list does not explain
   */
  public static ImaEmulator attach(Tpm tpm, MeasurementFile list) throws IOException {
    Set<HashAlg> banks = EnumSet.noneOf(HashAlg.class);
    List<PcrSelection.Bank> selected = new ArrayList<>();
    for (PcrSelection.Bank bank : tpm.execute(new Capability.Pcrs()).banks()) {
      if (bank.contains(ImaReplay.PCR)) {
        banks.add(bank.alg());
        selected.add(new PcrSelection.Bank(bank.alg(), 1 << ImaReplay.PCR));
      }
    }
    PcrValues values = PcrValues.read(tpm, new PcrSelection(selected));
    Map<HashAlg, Digest> pcr10 = new EnumMap<>(HashAlg.class);
    for (HashAlg bank : banks) {
      pcr10.put(bank, values.bank(bank).firstEntry().getValue());
    }
    return new ImaEmulator(tpm, list, banks, held(list, ImaState.start(banks), pcr10));
  }

  private static long held(MeasurementFile list, ImaState start, Map<HashAlg, Digest> pcr10)
      throws IOException {
    ImaReplay replay = new ImaReplay(start);
    if (replay.isAt(pcr10)) {
      return 0;
    }
    ImaReader reader = ImaReader.of(read(list, 0).lines(), 0, HashAlg.SHA1);
    for (Optional<ImaEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      replay.extend(entry.get());
      if (replay.isAt(pcr10)) {
        return replay.entries();
      }
    }
    throw new AgentException(
        "PCR 10 holds something that the measurement list does not explain: reset the TPM, or give"
            + " the list that was extended");
  }

  /**
   * Extends what has come to the list since.
   *
   * @return how many entries PCR 10 holds now
   */
  public long follow() throws TpmException {
    MeasurementFile.Part part;
    try {
      part = read(list, extended);
    } catch (IOException e) {
      throw new TpmException("the measurement list cannot be read: " + e.getMessage(), e);
    }
    if (part.first() != extended) {
      throw new AgentException("the measurement list is not the one that PCR 10 holds");
    }
    ImaReader reader = ImaReader.of(part.lines(), extended, HashAlg.SHA1);
    for (Optional<ImaEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      List<Digest> extensions = new ArrayList<>();
      for (HashAlg bank : banks) {
        extensions.add(entry.get().extension(bank));
      }
      tpm.execute(new Pcr.Extend(Handle.pcr(ImaReplay.PCR).withEmptyAuth(), extensions));
      extended++;
    }
    return extended;
  }

  /** A list that is not there yet is empty. */
  private static MeasurementFile.Part read(MeasurementFile list, long first) throws IOException {
    return list.exists() ? list.from(first) : new MeasurementFile.Part(0, 0, new byte[0]);
  }
}
