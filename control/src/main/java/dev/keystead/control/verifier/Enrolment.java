package dev.keystead.control.verifier;

import dev.keystead.evidence.Policy;
import dev.keystead.evidence.policy.PcrPolicy;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.http.Endpoint;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.http.tls.TrustedCertificates;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.keylime.verifier.TpmPolicy;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * What the owner said of a node, all of it checked: a key that attests, an address with the
 * certificate to be met there, policies that can be used, a version that is spoken.
 *
 * @param certificate the only one that is accepted at {@code contact}; empty when the node comes to
 *     us (the push model)
 * @param ak the key of its quotes
 * @param policy what its evidence is judged by
 * @param version the one that was agreed on with the agent when it was enrolled
 */
record Enrolment(
    AgentId id,
    ContactAddress contact,
    Optional<X509Certificate> certificate,
    AttestationKey ak,
    Policy policy,
    TpmPolicy tpmPolicy,
    AcceptLists accept,
    String metadata,
    ApiVersion version,
    Optional<ContactAddress> verifier) {

  private static final int DATA_PCR = 1 << PcrPolicy.PAYLOAD_PCR;

  /**
   * Checks an enrolment, whose policies are all there.
   *
   * @throws WireException with what cannot be used
   * @throws dev.keystead.evidence.EvidenceException with the key or the policy that cannot be used
   */
  static Enrolment of(AgentId id, VerifierAgentAdd add) {
    if (!ApiVersion.SUPPORTED.contains(add.version())) {
      throw WireException.malformed(
          "supported_version", "the agent speaks " + add.version() + ", which is not spoken here");
    }
    AttestationKey ak = AttestationKey.of(add.ak());
    Optional<X509Certificate> certificate = certificate(add);
    return new Enrolment(
        id,
        add.contact(),
        certificate,
        ak,
        Criteria.of(ak, add.accept(), add.policies(), certificate.isPresent()),
        add.policies().tpm(),
        add.accept(),
        add.metadata(),
        add.version(),
        add.verifier());
  }

  /** Nodes are spoken to over mutual TLS only: one without a certificate has to come to us. */
  private static Optional<X509Certificate> certificate(VerifierAgentAdd add) {
    return switch (add.mtlsCert()
        .orElseThrow(() -> WireException.malformed("mtls_cert", "missing"))) {
      case MtlsCert.Certificate given -> Optional.of(given.certificate());
      case MtlsCert.Disabled _ when add.v().isEmpty() -> Optional.empty();
      case MtlsCert.Disabled _ ->
          throw WireException.malformed(
              "mtls_cert", "is disabled: a share is given over mutual TLS only");
    };
  }

  /** Whether the node comes to us with its evidence. */
  boolean isPush() {
    return certificate.isEmpty();
  }

  /** The PCRs that are asked for: all that anything is judged by; pull agents add PCR 16. */
  PcrMask mask() {
    PcrMask mask = tpmPolicy.mask().with(new PcrMask(policy.requiredPcrs() & ~DATA_PCR));
    return policy.boot().isPresent() ? mask.with(PcrMask.BOOT) : mask;
  }

  /** The node's address, where nothing but its certificate is accepted. */
  Optional<Endpoint> endpoint(TlsIdentity client) {
    return certificate.map(own ->
        Endpoint.tls(
            contact.host(),
            contact.port(),
            ClientTls.mutual(client, TrustedCertificates.pinned(own))));
  }
}
