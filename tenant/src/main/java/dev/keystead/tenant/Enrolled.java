package dev.keystead.tenant;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.tpm.structure.TpmName;
import java.time.Duration;

/**
 * An agent that was enrolled.
 *
 * @param contact where it was spoken to
 * @param version the version of the wire that it speaks
 * @param ak the Name of the attestation key that it proved to hold
 * @param endorsement by whom its TPM is endorsed, in words
 * @param registrations more than 1 when it registered with changed keys or certificates
 * @param mask the PCRs that are asked for from now on
 * @param keyProven whether it showed that it has the bootstrap key
 * @param took all of it
 */
public record Enrolled(
    AgentId id,
    ContactAddress contact,
    ApiVersion version,
    TpmName ak,
    String endorsement,
    int registrations,
    PcrMask mask,
    boolean keyProven,
    Duration took) {}
