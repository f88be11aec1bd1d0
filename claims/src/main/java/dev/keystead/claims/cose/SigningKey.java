package dev.keystead.claims.cose;

import dev.keystead.claims.KeyPrincipal;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** A private key in this process. Safe for several threads. */
public final class SigningKey implements Signer {
  private final Algorithm algorithm;
  private final KeyPrincipal principal;
  private final PrivateKey key;

  /**
   * The two halves of one key.
   *
   * @throws IllegalArgumentException when the key is neither on P-256 nor Ed25519
   */
  public SigningKey(PublicKey publicKey, PrivateKey privateKey) {
    this.algorithm = Algorithm.of(publicKey);
    this.principal = KeyPrincipal.of(publicKey);
    this.key = privateKey;
  }

  @Override
  public long algorithm() {
    return algorithm.id();
  }

  @Override
  public KeyPrincipal principal() {
    return principal;
  }

  @Override
  public byte[] sign(byte[] toBeSigned) throws CoseException {
    try {
      Signature signature = Signature.getInstance(algorithm.javaName());
      signature.initSign(key);
      signature.update(toBeSigned);
      byte[] signed = signature.sign();
      return algorithm == Algorithm.ES256 ? P256.lower(signed) : signed;
    } catch (GeneralSecurityException e) {
      throw new CoseException(CoseException.Reason.NOT_SIGNED, "the key can't sign", e);
    }
  }
}
