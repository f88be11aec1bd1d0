package dev.keystead.keylime.quote;

import dev.keystead.keylime.WireException;
import java.util.regex.Pattern;

/** PCRs as Keylime asks for them: {@code 0x400} is PCR 10. Only PCRs 0 to 23 exist. */
public record PcrMask(int bits) {
  /** The PCR that the kernel's IMA list extends. */
  public static final int IMA_PCR = 10;

  /** The PCRs that firmware and boot loaders extend: 0 to 9 and 11 to 15. */
  public static final PcrMask BOOT = new PcrMask(0xfbff);

  /** No PCR. */
  public static final PcrMask NONE = new PcrMask(0);

  private static final Pattern FORM = Pattern.compile("0[xX][0-9a-fA-F]{1,8}");

  /** Refuses PCRs that do not exist. */
  public PcrMask {
    if ((bits & 0xff000000) != 0) {
      throw WireException.malformed("mask", "has PCRs beyond 23");
    }
  }

  /** Reads {@code 0x} and up to eight hex digits. */
  public static PcrMask parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw WireException.malformed("mask", "is not of the form 0x400");
    }
    return new PcrMask(Integer.parseUnsignedInt(text, 2, text.length(), 16));
  }

  /** These PCRs and one more. */
  public PcrMask with(int pcr) {
    return new PcrMask(bits | 1 << pcr);
  }

  /** These PCRs and those. */
  public PcrMask with(PcrMask other) {
    return new PcrMask(bits | other.bits);
  }

  /** Whether this PCR is among them. */
  public boolean contains(int pcr) {
    return (bits >>> pcr & 1) == 1;
  }

  /** The form on the wire. */
  @Override
  public String toString() {
    return "0x" + Integer.toHexString(bits);
  }
}
