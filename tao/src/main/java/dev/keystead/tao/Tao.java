package dev.keystead.tao;

/**
 * What one hosted program has of its host: the seven primitives of the CloudProxy Tao, and sealing
 * that can't be rolled back. A value is bound to its program when it is made, so that nothing in a
 * request says who asks, and it stops working when the program ends. Safe for several threads.
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
   * Seals the next state of a program that must not be turned back to an earlier one. A program has
   * a line of such blobs for each label. It puts the blob on its disk and says so with {@link
   * #confirmFresh}; from then on every earlier blob of the line is refused (docs/sealing.md).
   *
   * @param label of the line, 0 to 64 characters
   * @throws TaoException UNSUPPORTED where the host has no counter that nobody can turn back,
   *     UNAVAILABLE when disk or counter of the host were turned back themselves
   */
  default SealedBlob sealFresh(String label, byte[] data, SealPolicy policy) throws TaoException {
    throw noCounter();
  }

  /** Says that a blob of {@link #sealFresh} is on disk to stay. */
  default void confirmFresh(SealedBlob blob) throws TaoException {
    throw noCounter();
  }

  /**
   * Opens the blob of a line that the program goes on from; every other one of the line is refused
   * from now on.
   *
   * @throws TaoException NOT_UNSEALED also for a blob that is not the newest
   */
  default byte[] unsealFresh(SealedBlob blob) throws TaoException {
    throw noCounter();
  }

  /** Ends the line of a good blob; none of its blobs is ever good again. */
  default void endFresh(SealedBlob blob) throws TaoException {
    throw noCounter();
  }

  /** Whether there is a line with this label: a program that finds no blob of it was robbed. */
  default boolean hasFresh(String label, SealPolicy policy) throws TaoException {
    throw noCounter();
  }

  /**
   * Cryptographically strong random bits.
   *
   * @param bits 0 to {@value #MAX_ENTROPY_BITS}
   * @return as few bytes as hold them, the unused high bits of the first byte zero
   */
  byte[] getEntropy(int bits) throws TaoException;

  private static TaoException noCounter() {
    return new TaoException(TaoException.Reason.UNSUPPORTED, "this host has no counter");
  }
}
