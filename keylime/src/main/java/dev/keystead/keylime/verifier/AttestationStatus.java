package dev.keystead.keylime.verifier;

import dev.keystead.keylime.WireException;

/** How the last attestation went; the names are those on the wire (section 7). */
public enum AttestationStatus {
  /** The evidence was good. */
  PASS,
  /** It was not. */
  FAIL,
  /** There was none yet. */
  PENDING,
  /** None came in time. */
  TIMEOUT;

  /** The status with this name. */
  public static AttestationStatus parse(String text) {
    for (AttestationStatus status : values()) {
      if (status.name().equals(text)) {
        return status;
      }
    }
    throw WireException.malformed("attestation_status", "is none of Keylime's");
  }
}
