package dev.keystead.tao.seal;

import dev.keystead.tao.Measurement;

/** A verified statement of somebody about one program, by its measurement. */
public sealed interface Credential permits Release, Approval, Permission {
  /** The program. */
  Measurement measurement();
}
