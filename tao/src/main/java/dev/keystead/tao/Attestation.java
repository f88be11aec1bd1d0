package dev.keystead.tao;

/**
 * A statement of a host about a program on it, with the host's certificate: all that somebody who
 * knows the policy key needs. Whether it is true is not known before it has been verified. The
 * bytes are a COSE_Sign1 (docs/tao.md).
 *
 * @param bytes at most {@value #MAX_SIZE} bytes
 */
public record Attestation(byte[] bytes) {
  /** The most bytes of an attestation with its certificate. */
  public static final int MAX_SIZE = 32768;

  /** Checks the size. */
  public Attestation {
    if (bytes.length == 0 || bytes.length > MAX_SIZE) {
      throw new IllegalArgumentException("an attestation has 1 to " + MAX_SIZE + " bytes");
    }
  }
}
