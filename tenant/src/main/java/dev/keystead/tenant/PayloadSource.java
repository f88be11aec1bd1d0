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
