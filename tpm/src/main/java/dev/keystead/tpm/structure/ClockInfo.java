package dev.keystead.tpm.structure;

/**
 * TPMS_CLOCK_INFO (Part 2, 10.11.1).
 *
 * @param clock milliseconds the TPM has been powered, unsigned
 * @param resetCount how often the TPM was reset since it was cleared, unsigned
 * @param restartCount how often it was restarted or resumed since the last reset, unsigned
 * @param safe false while a larger clock value may have been reported before
 */
public record ClockInfo(long clock, long resetCount, long restartCount, boolean safe) {
  /** Parses the structure at the reader. */
  public static ClockInfo read(TpmReader in) {
    return new ClockInfo(in.u64(), in.u32(), in.u32(), flag(in.u8()));
  }

  private static boolean flag(int value) {
    if (value > 1) {
      throw new TpmFormatException("a TPMI_YES_NO of " + value);
    }
    return value == 1;
  }

  /** Writes the structure. */
  public void write(TpmWriter out) {
    out.u64(clock).u32(resetCount).u32(restartCount).u8(safe ? 1 : 0);
  }
}
