package dev.keystead.tpm.command;

import dev.keystead.tpm.structure.Ticket;
import dev.keystead.tpm.structure.TpmReader;

/** What CreatePrimary and Create say about the circumstances; nobody here asks for it. */
final class Creation {
  private Creation() {}

  /** Reads past creationData, creationHash and creationTicket. */
  static void skip(TpmReader in) {
    in.sized();
    in.sized(64, "creationHash");
    Ticket.read(in);
  }
}
