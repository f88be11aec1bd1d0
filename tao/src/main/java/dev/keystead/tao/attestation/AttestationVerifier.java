package dev.keystead.tao.attestation;

import dev.keystead.claims.TaoName;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.claims.cose.Sign1;
import dev.keystead.claims.cose.VerifyingKey;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.AttestRequest;
import dev.keystead.tao.Attestation;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.attestation.AttestationException.Reason;
import java.security.MessageDigest;
import java.time.Instant;

/** Verifies what hosts say, from the policy key alone. */
public final class AttestationVerifier {
  private final PolicyKey policyKey;
  private final VerifyingKey root;

  /** A verifier that believes only what this policy key vouches for. */
  public AttestationVerifier(PolicyKey policyKey) {
    this.policyKey = policyKey;
    this.root = new VerifyingKey(policyKey.key());
  }

  /** A host's key that the policy key vouches for. */
  private record HostKey(
      TaoName name, RootCertificate.Role role, VerifyingKey key, Validity validity) {}

  /**
   * Verifies a statement with every link from it down to the policy key.
   *
   * @param now the time at which every link must hold
   * @throws AttestationException with the reason of the first thing that is wrong, from the policy
   *     key upwards
   */
  public VerifiedAttestation verify(Attestation attestation, Instant now)
      throws AttestationException {
    return verify(attestation, now, TaoName.MAX_SEGMENTS);
  }

  /** The name of the host that a certificate is for, when every link of it holds. */
  public TaoName verify(AttestCertificate certificate, Instant now) throws AttestationException {
    return hostKey(certificate, now, TaoName.MAX_SEGMENTS).name;
  }

  private VerifiedAttestation verify(Attestation attestation, Instant now, int layers)
      throws AttestationException {
    if (layers == 0) {
      throw new AttestationException(Reason.MALFORMED, "more layers than a name can have");
    }
    try {
      Sign1 message = Sign1.parse(attestation.bytes(), Attestation.MAX_SIZE);
      HostKey host = hostKey(Certificates.of(message), now, layers);
      Statement statement = statement(message, host);
      statement.validity().require(now, "the statement about " + statement.program());
      return new VerifiedAttestation(statement, statement.validity().and(host.validity));
    } catch (CborException e) {
      throw new AttestationException(Reason.MALFORMED, "the attestation: " + e.getMessage(), e);
    } catch (CoseException e) {
      throw refusal(e);
    }
  }

  private Statement statement(Sign1 message, HostKey host)
      throws AttestationException, CborException, CoseException {
    if (!message.keyId().equals(host.key.principal())) {
      throw new AttestationException(Reason.BROKEN_CHAIN, "signed by another key than certified");
    }
    boolean quote = message.algorithm() == TpmQuote.ALGORITHM;
    if (quote != (host.role == RootCertificate.Role.PLATFORM)) {
      throw new AttestationException(
          Reason.WRONG_ROLE, "a TPM's key signs by quotes, and no other key does");
    }
    Statement statement;
    if (quote) {
      statement = Statement.parse(message.payload());
      TpmQuote.parse(message.signature())
          .check(host.key, message.toBeSigned(Statement.CONTEXT), statement, policyKey);
    } else {
      statement = Statement.parse(host.key.verify(message, Statement.CONTEXT));
    }
    requireDomain(statement.domain());
    if (!statement.issuer().equals(host.name)) {
      throw new AttestationException(Reason.BROKEN_CHAIN, "a host speaks under another's name");
    }
    return statement;
  }

  private HostKey hostKey(AttestCertificate certificate, Instant now, int layers)
      throws AttestationException {
    try {
      return switch (Certificates.parse(certificate)) {
        case Certificates.Root(byte[] signed) -> root(signed, now);
        case Certificates.Hosted hosted -> hosted(hosted, now, layers);
      };
    } catch (CborException e) {
      throw new AttestationException(Reason.MALFORMED, "the certificate: " + e.getMessage(), e);
    } catch (CoseException e) {
      throw refusal(e);
    }
  }

  private HostKey root(byte[] signed, Instant now)
      throws AttestationException, CborException, CoseException {
    byte[] payload = ownersWord(signed, AttestCertificate.MAX_SIZE, RootCertificate.CONTEXT);
    RootCertificate certificate = RootCertificate.parse(payload);
    requireDomain(certificate.domain());
    certificate.validity().require(now, "the certificate of " + certificate.host());
    VerifyingKey key = VerifyingKey.parse(certificate.spki());
    return new HostKey(certificate.host(), certificate.role(), key, certificate.validity());
  }

  private HostKey hosted(Certificates.Hosted hosted, Instant now, int layers)
      throws AttestationException, CborException, CoseException {
    VerifiedAttestation key = verify(hosted.key(), now, layers - 1);
    if (!key.context().equals(AttestRequest.HOST_KEY)) {
      throw new AttestationException(
          Reason.WRONG_ROLE, "what " + key.name() + " said is not its host key");
    }
    byte[] payload =
        ownersWord(hosted.endorsement().bytes(), HostEndorsement.MAX_SIZE, Endorsement.CONTEXT);
    Endorsement endorsement = Endorsement.parse(payload);
    requireDomain(endorsement.domain());
    if (!endorsement.host().equals(key.name().last())) {
      throw new AttestationException(
          Reason.NOT_ENDORSED, key.name() + " is not endorsed as a host");
    }
    endorsement.validity().require(now, "the endorsement of " + endorsement.host());
    return new HostKey(
        key.name(),
        RootCertificate.Role.HOST,
        VerifyingKey.parse(key.data()),
        key.validity().and(endorsement.validity()));
  }

  private byte[] ownersWord(byte[] signed, int maxSize, String context)
      throws AttestationException, CoseException {
    Sign1 message = Sign1.parse(signed, maxSize);
    if (!message.keyId().equals(policyKey.principal())) {
      throw new AttestationException(Reason.OTHER_POLICY_KEY, "signed by " + message.keyId());
    }
    if (!message.unprotected().entries().isEmpty()) {
      throw new AttestationException(Reason.MALFORMED, "something travels with the owner's word");
    }
    return root.verify(message, context);
  }

  private void requireDomain(byte[] domain) throws AttestationException {
    if (!MessageDigest.isEqual(domain, policyKey.digest())) {
      throw new AttestationException(Reason.OTHER_POLICY_KEY, "said in the domain of another key");
    }
  }

  private static AttestationException refusal(CoseException e) {
    Reason reason =
        switch (e.reason()) {
          case MALFORMED -> Reason.MALFORMED;
          case WRONG_KEY -> Reason.BROKEN_CHAIN;
          case BAD_SIGNATURE, NOT_SIGNED -> Reason.BAD_SIGNATURE;
        };
    return new AttestationException(reason, "not verified: " + e.getMessage(), e);
  }
}
