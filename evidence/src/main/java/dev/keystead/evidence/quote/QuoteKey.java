package dev.keystead.evidence.quote;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.tpm.structure.HashAlg;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/**
 * A key that quotes are checked with. Only an {@link AttestationKey} says that a TPM made what it
 * signed; with a {@link BareKey} a good signature says no more than that.
 */
public sealed interface QuoteKey permits AttestationKey, BareKey {
  /** The key, parsed once: an RSA key of 2048 bits or more, or one on P-256, P-384 or P-521. */
  PublicKey publicKey();

  /**
   * Whether this key signs with this scheme and hash. An attestation key has exactly one of each.
   */
  boolean signsWith(Scheme scheme, HashAlg hash);

  /** The scheme that a signature without a header is read as. */
  Scheme scheme();

  /** Refuses keys below today's strength with {@link Code#AK_UNFIT}. */
  static PublicKey strong(PublicKey key) {
    switch (key) {
      case RSAPublicKey rsa when rsa.getModulus().bitLength() < 2048 ->
          throw unfit("RSA with " + rsa.getModulus().bitLength() + " bits, at least 2048 needed");
      case RSAPublicKey rsa when rsa.getModulus().bitLength() > 4096 ->
          throw unfit("RSA with " + rsa.getModulus().bitLength() + " bits, at most 4096 accepted");
      case ECPublicKey ec when ec.getParams().getOrder().bitLength() < 256 ->
          throw unfit("a curve of " + ec.getParams().getOrder().bitLength() + " bits");
      case RSAPublicKey _, ECPublicKey _ -> {}
      default -> throw unfit("a key of type " + key.getAlgorithm());
    }
    return key;
  }

  /** Refuses an attestation key for a reason. */
  static EvidenceException unfit(String detail) {
    return new EvidenceException(Code.AK_UNFIT, "attestation key", detail);
  }
}
