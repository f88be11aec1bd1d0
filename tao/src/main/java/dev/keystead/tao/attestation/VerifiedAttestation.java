package dev.keystead.tao.attestation;

import dev.keystead.claims.TaoName;
import java.util.Optional;

/**
 * A statement that the policy key vouches for: the program called {@code name} said {@code data}.
 * Only {@link AttestationVerifier} makes one.
 */
public final class VerifiedAttestation {
  private final Statement statement;
  private final Validity validity;

  VerifiedAttestation(Statement statement, Validity validity) {
    this.statement = statement;
    this.validity = validity;
  }

  /** The program's full name, the platform first. */
  public TaoName name() {
    return statement.name();
  }

  /** What the data is. */
  public String context() {
    return statement.request().context();
  }

  /** What the program said. */
  public byte[] data() {
    return statement.request().data().clone();
  }

  /** The verifier's nonce, if the program gave one. */
  public Optional<byte[]> nonce() {
    return statement.request().nonce().map(byte[]::clone);
  }

  /** When the statement and every link below it hold. */
  public Validity validity() {
    return validity;
  }

  /** 16 bytes that are the same until the host starts again. */
  public byte[] boot() {
    return statement.boot().clone();
  }
}
