package dev.keystead.tao.attestation;

import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.Attestation;

/**
 * A signed endorsement of a host (docs/tao.md), not verified yet.
 *
 * @param bytes a COSE_Sign1 of at most {@value #MAX_SIZE} bytes
 */
public record HostEndorsement(byte[] bytes) {
  /** The most bytes of an endorsement. */
  public static final int MAX_SIZE = 1024;

  /** The certificate of a host whose key its parent has attested in the context HOST_KEY. */
  public AttestCertificate certificate(Attestation hostKey) {
    return new Certificates.Hosted(hostKey, this).encode();
  }

  /** Checks the size. */
  public HostEndorsement {
    if (bytes.length == 0 || bytes.length > MAX_SIZE) {
      throw new IllegalArgumentException("an endorsement has 1 to " + MAX_SIZE + " bytes");
    }
  }
}
