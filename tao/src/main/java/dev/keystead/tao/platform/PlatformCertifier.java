package dev.keystead.tao.platform;

import dev.keystead.claims.Segment;
import dev.keystead.claims.TaoName;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.attestation.Owner;
import dev.keystead.tao.attestation.Validity;
import dev.keystead.tao.platform.CertificationException.Reason;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.command.ProtectedCredential;
import dev.keystead.tpm.credential.SoftwareCredential;
import dev.keystead.tpm.structure.TpmFormatException;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Set;

/**
 * Certifies the attestation keys of the TPMs that the owner has chosen, off line and in one step:
 * the certificate is encrypted so that only the listed TPM with that very key can open it.
 */
public final class PlatformCertifier {
  private final Owner owner;
  private final Set<Segment> listed;
  private final SecureRandom random;

  /**
   * A certifier for these TPMs.
   *
   * @param listed {@link PlatformRequest#platform} of every TPM that may have a certificate
   */
  public PlatformCertifier(Owner owner, Set<Segment> listed, SecureRandom random) {
    this.owner = owner;
    this.listed = Set.copyOf(listed);
    this.random = random;
  }

  /**
   * Certifies a TPM.
   *
   * @throws CertificationException when it gets nothing
   * @throws CoseException NOT_SIGNED when the policy key does not sign
   */
  public ProtectedCertificate certify(PlatformRequest request, Validity validity)
      throws CertificationException, CoseException {
    Segment platform = request.platform();
    if (!listed.contains(platform)) {
      throw new CertificationException(Reason.NOT_LISTED, platform + " is not on the list");
    }
    if (!AttestationKey.isOne(request.attestationKey())) {
      throw new CertificationException(
          Reason.NOT_AN_ATTESTATION_KEY, "the key is not a restricted signing key on P-256");
    }
    byte[] key = new byte[ProtectedCertificate.KEY_SIZE];
    random.nextBytes(key);
    try (Secret secret = Secret.of(key)) {
      ECPublicKey publicKey = (ECPublicKey) request.attestationKey().toPublicKey();
      ProtectedCredential credential =
          SoftwareCredential.make(
              request.endorsementKey(), secret, request.attestationKey().name(), random);
      AttestCertificate certificate =
          owner.certifyPlatform(TaoName.of(platform), publicKey, validity);
      return new ProtectedCertificate(credential, ProtectedCertificate.encrypt(key, certificate));
    } catch (TpmFormatException e) {
      throw new CertificationException(
          Reason.NOT_AN_ENDORSEMENT_KEY, "nothing can be encrypted for it: " + e.getMessage());
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }
}
