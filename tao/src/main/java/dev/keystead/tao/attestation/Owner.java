package dev.keystead.tao.attestation;

import dev.keystead.claims.Segment;
import dev.keystead.claims.TaoName;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.claims.cose.Sign1;
import dev.keystead.claims.cose.Signer;
import dev.keystead.claims.cose.VerifyingKey;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.PolicyKey;
import java.security.interfaces.ECPublicKey;

/** Signs for hosts with the policy key's private half, off line. */
public final class Owner {
  private final PolicyKey policyKey;
  private final Signer signer;

  /** The owner of {@code policyKey}; {@code signer} has its private half. */
  public Owner(PolicyKey policyKey, Signer signer) {
    if (!signer.principal().equals(policyKey.principal())) {
      throw new IllegalArgumentException("that is not the private half of the policy key");
    }
    this.policyKey = policyKey;
    this.signer = signer;
  }

  /** The policy key. */
  public PolicyKey policyKey() {
    return policyKey;
  }

  /**
   * Certifies the restricted attestation key of a TPM. Who calls this has made sure that the key is
   * one, and in that TPM.
   *
   * @param platform a name of one segment of kind {@link TaoName#TPM}
   */
  public AttestCertificate certifyPlatform(TaoName platform, ECPublicKey key, Validity validity)
      throws CoseException {
    byte[] spki = new VerifyingKey(key).key().getEncoded();
    return certify(RootCertificate.Role.PLATFORM, platform, spki, validity);
  }

  /**
   * Certifies the attestation key of a host that is a program: its name has two segments or more.
   */
  public AttestCertificate certifyHost(TaoName host, VerifyingKey key, Validity validity)
      throws CoseException {
    return certify(RootCertificate.Role.HOST, host, key.key().getEncoded(), validity);
  }

  /** Says that whatever has this measurement is a host. */
  public HostEndorsement endorseHost(Segment host, Validity validity) throws CoseException {
    byte[] payload = new Endorsement(policyKey.digest(), host, validity).encode();
    return new HostEndorsement(
        Sign1.sign(signer, Endorsement.CONTEXT, payload, Sign1.NONE).encode());
  }

  private AttestCertificate certify(
      RootCertificate.Role role, TaoName host, byte[] spki, Validity validity)
      throws CoseException {
    byte[] payload = new RootCertificate(policyKey.digest(), role, host, spki, validity).encode();
    byte[] signed = Sign1.sign(signer, RootCertificate.CONTEXT, payload, Sign1.NONE).encode();
    return new Certificates.Root(signed).encode();
  }
}
