package dev.keystead.tenant;

import dev.keystead.evidence.endorsement.EndorsementStore;
import java.nio.file.Path;
import java.util.Optional;

/** What the owner asks of an agent's endorsement key; there is no default. */
public sealed interface Endorsement {
  /** A certificate with a valid path to one of these TPM makers. */
  record Makers(EndorsementStore store) implements Endorsement {}

  /**
   * What a program of the owner's says: it is given the endorsement key and its certificate in its
   * environment, as Keylime's {@code ek_check_script} is, and answers 0 for good.
   *
   * @param program a file that can be executed
   * @param makers what has to hold besides, if anything
   * @param folder the folder of the makers' certificates, told to the program
   */
  record Script(Path program, Optional<EndorsementStore> makers, Optional<Path> folder)
      implements Endorsement {}

  /**
   * Nothing: whoever reached the registrar first under this id may be any program that imitates a
   * TPM. Only for software TPMs and trials, and only when the owner says so in words.
   */
  record Unendorsed() implements Endorsement {}
}
