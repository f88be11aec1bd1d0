package dev.keystead.tao;

/**
 * Why a host's attestation key is to be believed: signed by the policy key, or attested by the host
 * below it with that host's own certificate inside. Not verified yet. The bytes are deterministic
 * CBOR (docs/tao.md).
 *
 * @param bytes at most {@value #MAX_SIZE} bytes
 */
public record AttestCertificate(byte[] bytes) {
  /** The most bytes of a certificate. */
  public static final int MAX_SIZE = 12288;

  /** Checks the size. */
  public AttestCertificate {
    if (bytes.length == 0 || bytes.length > MAX_SIZE) {
      throw new IllegalArgumentException("an attest certificate has 1 to " + MAX_SIZE + " bytes");
    }
  }
}
