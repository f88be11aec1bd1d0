package dev.keystead.tpm;

import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmReader;

/**
 * The ten bytes that every response begins with (Part 1, 18.2).
 *
 * @param tag TPM_ST_SESSIONS, TPM_ST_NO_SESSIONS, or what a TPM 1.2 answers
 */
public record ResponseHeader(int tag, ResponseCode code) {
  /** Bytes of a header. */
  public static final int SIZE = 10;

  /**
   * Reads the header of a whole response; requires that the size it states is the response's, and
   * that an error carries nothing else.
   */
  public static ResponseHeader read(TpmReader in) {
    int whole = in.remaining();
    int tag = in.u16();
    long size = in.u32();
    ResponseCode code = new ResponseCode(in.i32());
    if (size != whole) {
      throw new TpmFormatException("a response of " + whole + " bytes states " + size);
    }
    if (code.value() != 0 && in.remaining() != 0) {
      throw new TpmFormatException("an error with " + in.remaining() + " bytes behind it");
    }
    return new ResponseHeader(tag, code);
  }

  /** The size that the first six bytes of a response state, within what a TPM may send. */
  public static int size(byte[] start) {
    TpmReader in = new TpmReader(start);
    in.u16();
    long size = in.u32();
    if (size < SIZE || size > Transport.MAX_SIZE) {
      throw new TpmFormatException("a response of " + size + " bytes");
    }
    return (int) size;
  }
}
