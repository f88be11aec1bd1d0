package dev.keystead.evidence.ima;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.tpm.structure.HashAlg;
import java.util.Optional;

/**
 * Reads a measurement list entry by entry, once, from its bytes. Nothing is kept of an entry that
 * has been read.
 */
public sealed interface ImaReader permits BinaryImaReader, AsciiImaReader {
  /** The largest list that is read, in bytes. */
  int LARGEST_LIST = 256 << 20;

  /** The largest data of one entry, in bytes. */
  int LARGEST_DATA = 4 << 20;

  /** The longest template name or description, in bytes. */
  int LONGEST_TEMPLATE = 255;

  /**
   * A reader for a list in either of the kernel's forms, told apart by its first bytes.
   *
   * @param list must not change while it is read
   * @param skipped how many entries of the machine's list come before the first one here
   * @param templateHash the algorithm of the template hashes, SHA-1 but for newer kernels' other
   *     lists
   * @throws EvidenceException with MALFORMED when the list is too large
   */
  static ImaReader of(byte[] list, long skipped, HashAlg templateHash) {
    if (list.length > LARGEST_LIST) {
      throw new EvidenceException(
          Finding.Code.MALFORMED,
          "IMA list",
          "it has %d bytes, at most %d are read".formatted(list.length, LARGEST_LIST));
    }
    return isBinary(list)
        ? new BinaryImaReader(list, skipped, templateHash)
        : new AsciiImaReader(list, skipped, templateHash);
  }

  /** Whether these bytes begin as a binary list does: with a small little-endian number. */
  static boolean isBinary(byte[] list) {
    return list.length >= 4 && list[1] == 0 && list[2] == 0 && list[3] == 0;
  }

  /**
   * The next entry, or none at the end of the list.
   *
   * @throws EvidenceException with MALFORMED when no further entry can be told from the bytes; an
   *     entry whose data is wrong is given, and says so
   */
  Optional<ImaEntry> next();
}
