package dev.keystead.cli.folder;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaReader;
import dev.keystead.tpm.structure.HashAlg;
import java.util.Arrays;
import java.util.Optional;

/** Whether the two forms of an IMA list are of one list: the kernel writes both from the same. */
final class ListComparison {
  private ListComparison() {}

  /** The first difference between them, if there is one. */
  static Optional<Finding> difference(byte[] binary, byte[] ascii, HashAlg templateHash) {
    ImaReader first = ImaReader.of(binary, 0, templateHash);
    ImaReader second = ImaReader.of(ascii, 0, templateHash);
    try {
      while (true) {
        Optional<ImaEntry> one = first.next();
        Optional<ImaEntry> other = second.next();
        if (one.isEmpty() && other.isEmpty()) {
          return Optional.empty();
        }
        if (one.isEmpty() || other.isEmpty()) {
          return Optional.of(
              differs(
                  one.or(() -> other).orElseThrow(),
                  one.isEmpty()
                      ? "it is only in the ASCII list"
                      : "it is only in the binary list"));
        }
        if (!same(one.get(), other.get())) {
          return Optional.of(
              differs(
                  one.get(),
                  "the ASCII list has %s, the binary list %s"
                      .formatted(other.get().templateHashHex(), one.get().templateHashHex())));
        }
      }
    } catch (EvidenceException e) {
      return Optional.of(e.finding());
    }
  }

  /** An entry is told by its hash; a violation has none, so by its name. */
  private static boolean same(ImaEntry one, ImaEntry other) {
    return one.pcr() == other.pcr()
        && one.fits() == other.fits()
        && one.templateName().equals(other.templateName())
        && Arrays.equals(one.templateHash(), other.templateHash())
        && (!one.isViolation() || one.where().equals(other.where()));
  }

  private static Finding differs(ImaEntry entry, String detail) {
    return new Finding(Code.IMA_LIST_CHANGED, entry.where(), detail);
  }
}
