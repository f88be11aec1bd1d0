package dev.keystead.evidence.ima;

import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Extends PCR 10 in memory as the kernel extended it: in each bank with that bank's hash of the
 * entry's template data, or with ones for a violation.
 */
public final class ImaReplay {
  /** The PCR that IMA extends. */
  public static final int PCR = 10;

  private final Bank[] banks;
  private long entries;

  /** Goes on from a state. */
  public ImaReplay(ImaState state) {
    this.entries = state.entries();
    this.banks = state.pcr10().values().stream().map(Bank::new).toArray(Bank[]::new);
  }

  /** Extends by one entry. */
  public void extend(ImaEntry entry) {
    boolean violation = entry.isViolation();
    for (Bank bank : banks) {
      bank.extend(entry, violation);
    }
    entries++;
  }

  /** How many entries have been replayed from the first on. */
  public long entries() {
    return entries;
  }

  /** Whether every bank of the state now has its value of {@code pcr10}. */
  public boolean isAt(Map<HashAlg, Digest> pcr10) {
    for (Bank bank : banks) {
      Digest value = pcr10.get(bank.alg);
      if (value == null || !Arrays.equals(bank.pcr, value.bytes())) {
        return false;
      }
    }
    return true;
  }

  /** The state now. */
  public ImaState state() {
    Map<HashAlg, Digest> pcr10 = new EnumMap<>(HashAlg.class);
    for (Bank bank : banks) {
      pcr10.put(bank.alg, Digest.of(bank.alg, bank.pcr));
    }
    return new ImaState(entries, pcr10);
  }

  private static final class Bank {
    final HashAlg alg;
    final MessageDigest digest;
    final byte[] pcr;
    final byte[] ones;
    final byte[] extension;

    Bank(Digest start) {
      alg = start.alg();
      digest = alg.digest();
      pcr = start.bytes();
      ones = new byte[alg.size()];
      Arrays.fill(ones, (byte) 0xff);
      extension = new byte[alg.size()];
    }

    void extend(ImaEntry entry, boolean violation) {
      try {
        if (!violation) {
          entry.update(digest);
          digest.digest(extension, 0, extension.length);
        }
        digest.update(pcr);
        digest.update(violation ? ones : extension);
        digest.digest(pcr, 0, pcr.length);
      } catch (DigestException e) {
        throw new IllegalStateException("a digest of another size than its algorithm's", e);
      }
    }
  }
}
