package dev.keystead.evidence;

/**
 * One thing that is wrong with evidence, in words a person can act on. Any finding makes evidence
 * untrusted.
 *
 * @param code what kind of fault, stable for programs
 * @param where which file, event, PCR or field: {@code "IMA entry 78, /usr/bin/evil"}
 * @param detail what was found and what was expected, with digests
 */
public record Finding(Code code, String where, String detail) {
  /** Every kind of fault; its label is kebab-case and part of the command line's contract. */
  public enum Code {
    /** Bytes that are not the structure they should be. */
    MALFORMED,
    /** A quote's key is not a restricted, fixed signing key of today's strength. */
    AK_UNFIT,
    /** A signature does not verify. */
    SIGNATURE_INVALID,
    /** A scheme or hash that is not accepted, or not the key's. */
    ALGORITHM_REFUSED,
    /** A well-formed attestation of another type than a quote. */
    NOT_A_QUOTE,
    /** The qualifying data is not the nonce that was sent. */
    NONCE_MISMATCH,
    /** The attested selection is not the one asked for, or not that of the values. */
    SELECTION_MISMATCH,
    /** The PCR values do not hash to the attested digest. */
    PCR_DIGEST_MISMATCH,
    /** The policy needs a PCR that the quote does not cover. */
    PCR_MISSING,
    /** A PCR has a value that the policy does not allow. */
    PCR_REFUSED,
    /** Clock, reset or restart counter ran backwards, or the clock is not safe. */
    CLOCK_REFUSED,
    /** The payload key is not bound to the quote. */
    KEY_NOT_BOUND,
    /** The boot log does not replay to the quoted PCRs. */
    BOOT_LOG_MISMATCH,
    /** A boot event's digest does not fit what it measures. */
    BOOT_EVENT_MISMATCH,
    /** The boot differs from the reference values. */
    BOOT_DIFFERS,
    /** The boot log is needed and absent. */
    BOOT_LOG_MISSING,
    /** The list does not replay to the quoted PCR 10. */
    IMA_LIST_MISMATCH,
    /** An entry's data does not hash to its template hash. */
    IMA_ENTRY_MISMATCH,
    /** An entry of a template that is not understood. */
    IMA_TEMPLATE_UNKNOWN,
    /** A violation: a file was open for writing while measured, or changed after. */
    IMA_VIOLATION,
    /** The list starts elsewhere, shrank, or changed its past. */
    IMA_LIST_CHANGED,
    /** The list is needed and absent. */
    IMA_LIST_MISSING,
    /** The list covers nothing but boot_aggregate. */
    IMA_COVERS_NOTHING,
    /** boot_aggregate is not the digest of the boot PCRs. */
    BOOT_AGGREGATE_MISMATCH,
    /** A file that the policy does not list. */
    FILE_NOT_IN_POLICY,
    /** A file whose digest the policy does not list. */
    FILE_DIGEST_REFUSED,
    /** A file signature that does not verify with the policy's keys. */
    FILE_SIGNATURE_INVALID,
    /** A keyring or buffer entry that the policy does not list. */
    BUFFER_REFUSED,
    /** The launch log does not replay to the quoted PCR 13. */
    LAUNCH_LOG_MISMATCH,
    /** The launch log is needed and absent. */
    LAUNCH_LOG_MISSING,
    /** A program was started that the policy does not list. */
    PROGRAM_NOT_IN_POLICY,
    /** The endorsement certificate has no valid path to a root. */
    EK_UNTRUSTED,
    /** The endorsement key is not the certificate's. */
    EK_MISMATCH,
    /** The policy or reference values are unusable. */
    POLICY_UNUSABLE;

    /** The kebab-case label. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }
}
