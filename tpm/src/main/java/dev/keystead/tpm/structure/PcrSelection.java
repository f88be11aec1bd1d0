package dev.keystead.tpm.structure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * TPML_PCR_SELECTION (Part 2, 10.9.7): which PCRs of which banks. Banks keep their order; each bank
 * stands once.
 */
public record PcrSelection(List<Bank> banks) {
  private static final int MAX_BANKS = 16;

  /** PCRs of one bank: bit i of {@code mask} is PCR i, for 0 to 23. */
  public record Bank(HashAlg alg, int mask) {
    /** Checks that only PCRs that exist are selected. */
    public Bank {
      if ((mask & 0xff000000) != 0) {
        throw new TpmFormatException("PCRs beyond 23 are selected: 0x%08x".formatted(mask));
      }
    }

    /** The selected PCRs, ascending: the order in which a TPM reports and hashes them. */
    public IntStream pcrs() {
      return IntStream.range(0, 24).filter(this::contains);
    }

    /** Whether this PCR is selected. */
    public boolean contains(int pcr) {
      return ((mask >>> pcr) & 1) == 1;
    }
  }

  /** Checks that no bank stands twice. */
  public PcrSelection {
    banks = List.copyOf(banks);
    if (banks.stream().map(Bank::alg).distinct().count() != banks.size()) {
      throw new TpmFormatException("a bank is selected twice");
    }
  }

  /** The given PCRs of one bank. */
  public static PcrSelection of(HashAlg alg, int... pcrs) {
    int mask = 0;
    for (int pcr : pcrs) {
      if (pcr < 0 || pcr > 23) {
        throw new TpmFormatException("there is no PCR " + pcr);
      }
      mask |= 1 << pcr;
    }
    return ofMask(alg, mask);
  }

  /** The PCRs of {@code mask} of one bank. */
  public static PcrSelection ofMask(HashAlg alg, int mask) {
    return new PcrSelection(List.of(new Bank(alg, mask)));
  }

  /** Parses the structure at the reader. */
  public static PcrSelection read(TpmReader in) {
    long count = in.u32();
    if (count > MAX_BANKS) {
      throw new TpmFormatException("a PCR selection of " + count + " banks");
    }
    List<Bank> banks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      HashAlg alg = HashAlg.of(in.u16());
      int size = in.u8();
      if (size > 4) {
        throw new TpmFormatException("a PCR bitmap of " + size + " bytes");
      }
      int mask = 0;
      for (int j = 0; j < size; j++) {
        mask |= in.u8() << (8 * j);
      }
      banks.add(new Bank(alg, mask));
    }
    return new PcrSelection(banks);
  }

  /** Writes the structure with bitmaps of three bytes, as every PC Client TPM has them. */
  public void write(TpmWriter out) {
    out.u32(banks.size());
    for (Bank bank : banks) {
      out.u16(bank.alg.id()).u8(3);
      out.u8(bank.mask).u8(bank.mask >>> 8).u8(bank.mask >>> 16);
    }
  }

  /** The mask of a bank, zero when it is not selected. */
  public int mask(HashAlg alg) {
    return banks.stream().filter(b -> b.alg == alg).mapToInt(Bank::mask).findFirst().orElse(0);
  }
}
