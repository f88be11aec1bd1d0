package dev.keystead.evidence.ima;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The first entry of a list: the kernel's digest over the PCRs of the boot before it. */
public final class BootAggregate {
  /** The name of the entry. */
  public static final String NAME = "boot_aggregate";

  private BootAggregate() {}

  /**
   * Requires that the digest is one over PCRs 0 to 7 or 0 to 9 of the bank of its algorithm.
   *
   * @param known values that are verified; PCRs may be missing
   * @return whether the values were there to compare with; if not, nothing was found out
   * @throws EvidenceException with BOOT_AGGREGATE_MISMATCH
   */
  public static boolean check(MeasuredDigest measured, PcrValues known) {
    Optional<HashAlg> bank = measured.alg();
    if (bank.isEmpty()) {
      return false;
    }
    List<byte[]> expected = new ArrayList<>();
    digest(known, bank.get(), 7).ifPresent(expected::add);
    digest(known, bank.get(), 9).ifPresent(expected::add);
    for (byte[] one : expected) {
      if (MessageDigest.isEqual(one, measured.value())) {
        return true;
      }
    }
    if (expected.size() < 2) {
      return false;
    }
    throw new EvidenceException(
        Finding.Code.BOOT_AGGREGATE_MISMATCH,
        NAME,
        "it is %s; the digest of PCRs 0 to 7 is %s, of PCRs 0 to 9 %s"
            .formatted(measured, hex(expected.getFirst()), hex(expected.getLast())));
  }

  private static Optional<byte[]> digest(PcrValues known, HashAlg bank, int last) {
    MessageDigest digest = bank.digest();
    for (int pcr = 0; pcr <= last; pcr++) {
      Optional<Digest> value = known.get(bank, pcr);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      digest.update(value.get().bytes());
    }
    return Optional.of(digest.digest());
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
