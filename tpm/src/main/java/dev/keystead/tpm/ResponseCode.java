package dev.keystead.tpm;

/** TPM_RC (Part 2, 6.6): why a command failed, with {@link #toString} in words. */
public record ResponseCode(int value) {
  /** The TPM has not been started. */
  public static final int INITIALIZE = 0x100;

  /** An authorization failed, and counts towards lockout. */
  public static final int AUTH_FAIL = 0x08e;

  /** An authorization failed. */
  public static final int BAD_AUTH = 0x0a2;

  /** A handle is not what the command takes, or nothing has this handle. */
  public static final int HANDLE = 0x08b;

  /** A value is out of range. */
  public static final int VALUE = 0x084;

  /** A policy is not satisfied. */
  public static final int POLICY_FAIL = 0x09d;

  /** A hash or an HMAC does not match what it protects. */
  public static final int INTEGRITY = 0x09f;

  /** A signature does not verify. */
  public static final int SIGNATURE = 0x09b;

  /** A policy assertion does not hold. */
  public static final int POLICY = 0x126;

  /** An NV index is read before it was first written. */
  public static final int NV_UNINITIALIZED = 0x14a;

  /** NV space is defined already. */
  public static final int NV_DEFINED = 0x14c;

  /** The command was interrupted; submit it again. */
  public static final int YIELDED = 0x908;

  /** Tests run; submit the command again. */
  public static final int TESTING = 0x90a;

  /** Nothing has the first handle of the command. */
  public static final int REFERENCE_H0 = 0x910;

  /** The TPM is in lockout. */
  public static final int LOCKOUT = 0x921;

  /** The TPM could not start; submit the command again. */
  public static final int RETRY = 0x922;

  private static final int FORMAT_ONE = 0x080;
  private static final int PARAMETER = 0x040;
  private static final int SESSION = 0x800;

  /** The code without the number of the handle, parameter or session that it speaks of. */
  public int base() {
    return (value & FORMAT_ONE) != 0 ? value & 0x0bf : value;
  }

  /** Whether it is this error, whichever handle, parameter or session it speaks of. */
  public boolean is(int base) {
    return base() == base;
  }

  /** In words, with the number of what it speaks of: {@code in parameter 2}. */
  @Override
  public String toString() {
    if (value == 0) {
      return "TPM_RC_SUCCESS";
    }
    ResponseWords.Entry entry = ResponseWords.of(base());
    return entry == null
        ? "an unknown response code (0x%03x)".formatted(value)
        : "TPM_RC_%s%s: %s (0x%03x)".formatted(entry.name(), where(), entry.meaning(), value);
  }

  private String where() {
    if ((value & FORMAT_ONE) == 0) {
      return "";
    }
    int number = value >>> 8;
    if ((value & PARAMETER) != 0) {
      return number(" in parameter", number & 0xf);
    }
    return (value & SESSION) != 0
        ? number(" in session", number & 0x7)
        : number(" in handle", number & 0x7);
  }

  private static String number(String what, int number) {
    return number == 0 ? "" : what + " " + number;
  }
}
