package dev.keystead.evidence.quote;

import dev.keystead.tpm.structure.PcrSelection;

/** Which PCRs a quote has to cover. */
public sealed interface Coverage {
  /** Just these: the selection that the TPM was asked for. The order of banks does not matter. */
  record Exactly(PcrSelection selection) implements Coverage {}

  /** At least these, where somebody else chose the selection. */
  record AtLeast(PcrSelection selection) implements Coverage {}

  /** The PCRs that must be there. */
  PcrSelection selection();
}
