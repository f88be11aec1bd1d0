package dev.keystead.evidence;

import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.Quote;
import java.util.Optional;

/**
 * What a machine sent, and what it was asked: nothing of it is known to be true.
 *
 * @param quote the quote
 * @param nonce the qualifying data that was sent with the request
 * @param asked the PCRs that were asked for
 * @param bootLog the TCG boot log, if it was sent
 * @param ima the measurement list, if it was sent
 * @param payloadKey the PEM of the key that PCR 16 binds, byte for byte, if it was sent
 * @param launchLog the log of the programs that the machine's host has started, if it was sent
 */
public record Evidence(
    Quote quote,
    byte[] nonce,
    Coverage asked,
    Optional<byte[]> bootLog,
    Optional<ImaPart> ima,
    Optional<byte[]> payloadKey,
    Optional<byte[]> launchLog) {

  /** Evidence without a launch log. */
  public Evidence(
      Quote quote,
      byte[] nonce,
      Coverage asked,
      Optional<byte[]> bootLog,
      Optional<ImaPart> ima,
      Optional<byte[]> payloadKey) {
    this(quote, nonce, asked, bootLog, ima, payloadKey, Optional.empty());
  }

  /** The same with a launch log. */
  public Evidence withLaunchLog(byte[] log) {
    return new Evidence(quote, nonce, asked, bootLog, ima, payloadKey, Optional.of(log));
  }

  /**
   * A part of a measurement list: from an entry to the end.
   *
   * @param first how many entries of the machine's list come before, as the machine claims
   * @param entries the bytes, binary or text
   */
  public record ImaPart(long first, byte[] entries) {
    /** Refuses a negative number. */
    public ImaPart {
      if (first < 0) {
        throw new EvidenceException(
            Finding.Code.MALFORMED, "IMA list", "it starts at entry " + first);
      }
    }
  }
}
