package dev.keystead.tpm.endorsement;

import dev.keystead.tpm.TpmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts DER certificates out of NV, where indices may be larger than what is in them. */
final class DerSequence {
  private static final int SEQUENCE = 0x30;
  private static final int MAX_COUNT = 32;

  private DerSequence() {}

  /** The sequence at the start, without the padding behind it. */
  static byte[] first(byte[] padded) throws TpmException {
    return Arrays.copyOf(padded, end(padded, 0));
  }

  /** All sequences, one directly behind the other, up to padding or the end. */
  static List<byte[]> all(byte[] joined) throws TpmException {
    List<byte[]> sequences = new ArrayList<>();
    int at = 0;
    while (at < joined.length && !isPadding(joined, at)) {
      int end = end(joined, at);
      sequences.add(Arrays.copyOfRange(joined, at, end));
      if (sequences.size() > MAX_COUNT) {
        throw new TpmException("more than " + MAX_COUNT + " certificates in NV");
      }
      at = end;
    }
    return List.copyOf(sequences);
  }

  private static boolean isPadding(byte[] bytes, int from) {
    byte padding = bytes[from];
    if (padding != 0 && padding != (byte) 0xff) {
      return false;
    }
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] != padding) {
        return false;
      }
    }
    return true;
  }

  private static int end(byte[] bytes, int at) throws TpmException {
    if (bytes.length - at < 2 || (bytes[at] & 0xff) != SEQUENCE) {
      throw new TpmException("what NV holds is not a DER certificate");
    }
    int first = bytes[at + 1] & 0xff;
    int count = first < 0x80 ? 0 : first - 0x80;
    if (first == 0x80 || count > 3 || bytes.length - at - 2 < count) {
      throw new TpmException("the DER length of a certificate in NV is malformed");
    }
    int length = count == 0 ? first : 0;
    for (int i = 0; i < count; i++) {
      length = length << 8 | (bytes[at + 2 + i] & 0xff);
    }
    if (length > bytes.length - at - 2 - count) {
      throw new TpmException("a certificate in NV is cut off");
    }
    return at + 2 + count + length;
  }
}
