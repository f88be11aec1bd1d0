package dev.keystead.evidence.quote;

import dev.keystead.tpm.structure.HashAlg;
import java.security.PublicKey;

/**
 * A public key of which nothing is known but its numbers, as from a PEM file. It may sign anything
 * that it is given, so a quote by it proves nothing about a TPM: for looking at quotes, never for
 * trusting a machine.
 */
public record BareKey(PublicKey publicKey) implements QuoteKey {
  /** Refuses weak keys and types that no quote is signed with. */
  public BareKey {
    QuoteKey.strong(publicKey);
  }

  @Override
  public boolean signsWith(Scheme scheme, HashAlg hash) {
    return (scheme == Scheme.ECDSA) == publicKey.getAlgorithm().equals("EC");
  }

  @Override
  public Scheme scheme() {
    return publicKey.getAlgorithm().equals("EC") ? Scheme.ECDSA : Scheme.RSASSA;
  }
}
