package dev.keystead.claims.cose;

import dev.keystead.claims.KeyPrincipal;
import dev.keystead.claims.cose.CoseException.Reason;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/** A public key that verifies in exactly one algorithm. */
public final class VerifyingKey {
  /** More than any SubjectPublicKeyInfo that is accepted. */
  public static final int MAX_SPKI = 128;

  private static final int ED25519_SPKI = 44;

  private final Algorithm algorithm;
  private final KeyPrincipal principal;
  private final PublicKey key;

  /**
   * A key on P-256 or Ed25519.
   *
   * @throws IllegalArgumentException for any other
   */
  public VerifyingKey(PublicKey key) {
    this.algorithm = Algorithm.of(key);
    this.principal = KeyPrincipal.of(key);
    this.key = key;
  }

  /**
   * The key with this DER SubjectPublicKeyInfo.
   *
   * @throws CoseException MALFORMED when it is no such key, or not in the encoding that names it
   */
  public static VerifyingKey parse(byte[] spki) throws CoseException {
    if (spki.length > MAX_SPKI) {
      throw new CoseException(Reason.MALFORMED, "a public key of " + spki.length + " bytes");
    }
    PublicKey key = spki.length == ED25519_SPKI ? decode("Ed25519", spki) : decode("EC", spki);
    if (!Arrays.equals(key.getEncoded(), spki)) {
      throw new CoseException(Reason.MALFORMED, "a public key is not in its one encoding");
    }
    try {
      return new VerifyingKey(key);
    } catch (IllegalArgumentException e) {
      throw new CoseException(Reason.MALFORMED, "a key of a kind that is not accepted", e);
    }
  }

  private static PublicKey decode(String family, byte[] spki) throws CoseException {
    try {
      return KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(spki));
    } catch (GeneralSecurityException e) {
      throw new CoseException(Reason.MALFORMED, "a public key can't be read", e);
    }
  }

  /** Its name. */
  public KeyPrincipal principal() {
    return principal;
  }

  /** The key. */
  public PublicKey key() {
    return key;
  }

  /**
   * The payload of a message that this key signed.
   *
   * @param context what the signature is for: the external additional authenticated data
   * @throws CoseException WRONG_KEY or BAD_SIGNATURE
   */
  public byte[] verify(Sign1 message, String context) throws CoseException {
    if (message.algorithm() != algorithm.id() || !message.keyId().equals(principal)) {
      throw new CoseException(Reason.WRONG_KEY, "signed by another key");
    }
    check(message.toBeSigned(context), message.signature());
    return message.payload();
  }

  /**
   * Requires that this key signed {@code signed}, whatever it is.
   *
   * @param signature 64 bytes; an ECDSA signature with s in its lower half
   * @throws CoseException BAD_SIGNATURE
   */
  public void check(byte[] signed, byte[] signature) throws CoseException {
    if (signature.length != Algorithm.SIGNATURE_SIZE
        || (algorithm == Algorithm.ES256 && !P256.isLow(signature))) {
      throw new CoseException(Reason.BAD_SIGNATURE, "the signature is not in its one form");
    }
    try {
      Signature verifier = Signature.getInstance(algorithm.javaName());
      verifier.initVerify(key);
      verifier.update(signed);
      if (verifier.verify(signature)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      throw new CoseException(Reason.BAD_SIGNATURE, "the signature can't be checked", e);
    }
    throw new CoseException(Reason.BAD_SIGNATURE, "the signature is not this key's");
  }
}
