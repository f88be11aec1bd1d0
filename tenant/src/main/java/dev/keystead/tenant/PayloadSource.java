package dev.keystead.tenant;

import java.nio.file.Path;
import java.util.List;

/** What an agent is to receive. */
public sealed interface PayloadSource {
  /** Nothing but the bootstrap key. */
  record None() implements PayloadSource {}

  /** The content of a file, as it is: at most 1 MiB less 32 bytes. */
  record SingleFile(Path file) implements PayloadSource {}

  /**
   * A payload that was encrypted before, and its key.
   *
   * @param keys three lines of base64: the key and its two shares, in any order but the key first
   * @param payload base64 of the encrypted payload, as the wire has it
   */
  record Encrypted(Path keys, Path payload) implements PayloadSource {}

  /**
   * A certificate of the owner's software authority for the agent, with what is needed to check
   * revocations (section 5 of the wire), and further files, such as {@code autorun.sh}, {@code
   * action_list} and the actions that it lists.
   *
   * @param authority the folder of the authority; it is made when there is none
   * @param include files that are added under their own names
   */
  record CertificatePackage(Path authority, List<Path> include) implements PayloadSource {
    /** Takes a copy. */
    public CertificatePackage {
      include = List.copyOf(include);
    }
  }
}
