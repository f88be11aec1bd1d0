package dev.keystead.claims.cose;

import dev.keystead.claims.KeyPrincipal;

/** Holds a private key, wherever it is. */
public interface Signer {
  /** The COSE algorithm that it signs in. */
  long algorithm();

  /** The name of its public key. */
  KeyPrincipal principal();

  /**
   * Signs a Sig_structure.
   *
   * @throws CoseException NOT_SIGNED when the key can't be reached or refuses
   */
  byte[] sign(byte[] toBeSigned) throws CoseException;
}
