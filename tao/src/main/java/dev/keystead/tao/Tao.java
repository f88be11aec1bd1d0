package dev.keystead.tao;

/**
 * What one hosted program has of its host: the seven primitives of the CloudProxy Tao. A value is
 * bound to its program when it is made, so that nothing in a request says who asks, and it stops
 * working when the program ends. Safe for several threads.
 */
public interface Tao {
  /** The most bytes of data that can be sealed at once. */
  int MAX_SEALED = 1 << 20;

  /** The most bits of entropy at once. */
  int MAX_ENTROPY_BITS = 1 << 16;

  /**
   * Measures a program and starts it, in this order: what runs is what was measured.
   *
   * @return a handle that is good for this caller only
   */
  Handle startHostedProgram(ProgramSpec spec) throws TaoException;

  /** What the host has measured the calling program to be. */
  Measurement getHostedMeasurement() throws TaoException;

  /**
   * The host's signed statement that the calling program, under its name and measurement, said the
   * request's data in the request's context.
   *
   * @throws TaoException RESERVED_CONTEXT for a context that is not the program's to use, INVALID
   *     for a request out of its limits
   */
  Attestation attest(AttestRequest request) throws TaoException;

  /** {@link #attest(AttestRequest)} of just data: at most {@link AttestRequest#MAX_DATA} bytes. */
  default Attestation attest(byte[] data) throws TaoException {
    return attest(AttestRequest.of(data));
  }

  /** Why the key that {@link #attest} signs with is to be believed. */
  AttestCertificate getAttestCertificate() throws TaoException;

  /** Seals at most {@value #MAX_SEALED} bytes for whom the policy names, on this host. */
  SealedBlob seal(byte[] data, SealPolicy policy) throws TaoException;

  /** Seals for the same program only. */
  default SealedBlob seal(byte[] data) throws TaoException {
    return seal(data, new SealPolicy.ThisMeasurement());
  }

  /**
   * Opens a blob.
   *
   * @return the data, which the caller zeroes after use
   * @throws TaoException NOT_UNSEALED, whatever the cause: not this host's, not for this program,
   *     changed, or no blob at all
   */
  byte[] unseal(SealedBlob blob) throws TaoException;

  /**
   * Cryptographically strong random bits.
   *
   * @param bits 0 to {@value #MAX_ENTROPY_BITS}
   * @return as few bytes as hold them, the unused high bits of the first byte zero
   */
  byte[] getEntropy(int bits) throws TaoException;
}
