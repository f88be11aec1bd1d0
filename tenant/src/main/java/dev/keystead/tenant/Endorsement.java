package dev.keystead.tenant;

import dev.keystead.evidence.endorsement.EndorsementStore;

/** What the owner asks of an agent's endorsement key; there is no default. */
public sealed interface Endorsement {
  /** A certificate with a valid path to one of these TPM makers. */
  record Makers(EndorsementStore store) implements Endorsement {}

  /**
   * Nothing: whoever reached the registrar first under this id may be any program that imitates a
   * TPM. Only for software TPMs and trials, and only when the owner says so in words.
   */
  record Unendorsed() implements Endorsement {}
}
