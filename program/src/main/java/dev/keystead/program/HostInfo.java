package dev.keystead.program;

import dev.keystead.claims.TaoName;
import dev.keystead.tao.PolicyKey;
import java.util.Optional;

/**
 * What a host says about itself and its caller. It is not signed: an attestation is.
 *
 * @param host the host's name
 * @param program the caller's, if the host runs it
 * @param policyKey PK0, which the host serves
 */
public record HostInfo(TaoName host, Optional<TaoName> program, PolicyKey policyKey) {}
