package dev.keystead.control.registrar;

import dev.keystead.control.registrar.Candidate.TpmKeys;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.endorsement.EkCertificate;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.keylime.registration.ChallengeBlob;
import dev.keystead.keylime.registration.EkCert;
import dev.keystead.keylime.registration.Registration;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.command.ProtectedCredential;
import dev.keystead.tpm.credential.SoftwareCredential;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmPublic;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * The keys of a registration, looked at whole: the EK is made from a standard template and is the
 * certificate's, the AK signs nothing but what its TPM says, and the two differ. Whether a TPM has
 * them is what the challenge finds out; whether its maker is trusted is for the owner to say.
 */
final class Identity {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final TpmPublic ek;
  private final Optional<EkCert> ekCert;
  private final AttestationKey ak;

  private Identity(TpmPublic ek, Optional<EkCert> ekCert, AttestationKey ak) {
    this.ek = ek;
    this.ekCert = ekCert;
    this.ak = ak;
  }

  /**
   * Looks at the keys.
   *
   * @throws EvidenceException with AK_UNFIT or EK_MISMATCH
   */
  static Identity of(Registration registration) {
    Optional<PublicKey> certified =
        registration.ekCert().map(cert -> EkCertificate.parse(cert.der()).publicKey());
    TpmPublic ek =
        registration
            .ek()
            .or(() -> certified.map(Endorsement::ofStandardTemplate))
            .orElseThrow(() -> mismatch("neither an EK nor its certificate was sent"));
    PublicKey key = Endorsement.require(ek);
    if (certified.isPresent() && !same(certified.get(), key)) {
      throw mismatch("its certificate is about another key");
    }
    AttestationKey ak = AttestationKey.of(registration.ak());
    if (same(ak.publicKey(), key)) {
      throw mismatch("it is the AK as well");
    }
    return new Identity(ek, registration.ekCert(), ak);
  }

  private static boolean same(PublicKey one, PublicKey other) {
    return Arrays.equals(one.getEncoded(), other.getEncoded());
  }

  static EvidenceException mismatch(String detail) {
    return new EvidenceException(Code.EK_MISMATCH, "EK", detail);
  }

  /** The bytes that are kept. */
  TpmKeys keys() {
    return new TpmKeys(
        ek.toSizedBytes(),
        ek.name().bytes(),
        ekCert.map(EkCert::der),
        ak.area().toSizedBytes(),
        ak.name().bytes());
  }

  /** Hides a secret so that only the TPM with this EK opens it, and only beside this AK. */
  ChallengeBlob protect(byte[] secret) {
    try (Secret credential = Secret.of(secret)) {
      ProtectedCredential made = SoftwareCredential.make(ek, credential, ak.name(), RANDOM);
      return new ChallengeBlob(made.idObject(), made.encryptedSecret());
    } catch (TpmFormatException e) {
      throw mismatch("no credential can be made for it: " + e.getMessage());
    }
  }
}
