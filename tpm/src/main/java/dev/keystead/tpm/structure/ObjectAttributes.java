package dev.keystead.tpm.structure;

/** TPMA_OBJECT (Part 2, 8.3): what a key may be used for and where it can be. */
public record ObjectAttributes(int bits) {
  /** The key never leaves this TPM. */
  public static final int FIXED_TPM = 1 << 1;

  /** The key goes with a clear of the TPM. */
  public static final int ST_CLEAR = 1 << 2;

  /** The key never leaves its parent. */
  public static final int FIXED_PARENT = 1 << 4;

  /** The TPM made the private part. */
  public static final int SENSITIVE_DATA_ORIGIN = 1 << 5;

  /** The authorization value allows use. */
  public static final int USER_WITH_AUTH = 1 << 6;

  /** Administration needs the policy. */
  public static final int ADMIN_WITH_POLICY = 1 << 7;

  /** Failed authorizations do not count towards lockout. */
  public static final int NO_DA = 1 << 10;

  /** Duplication is encrypted. */
  public static final int ENCRYPTED_DUPLICATION = 1 << 11;

  /** Signs or decrypts only what the TPM made. */
  public static final int RESTRICTED = 1 << 16;

  /** May decrypt. */
  public static final int DECRYPT = 1 << 17;

  /** May sign, or encrypt when symmetric. */
  public static final int SIGN = 1 << 18;

  private static final int DEFINED =
      FIXED_TPM
          | ST_CLEAR
          | FIXED_PARENT
          | SENSITIVE_DATA_ORIGIN
          | USER_WITH_AUTH
          | ADMIN_WITH_POLICY
          | NO_DA
          | ENCRYPTED_DUPLICATION
          | RESTRICTED
          | DECRYPT
          | SIGN
          | 1 << 8
          | 1 << 19;

  /** Refuses bits that the specification reserves. */
  public ObjectAttributes {
    if ((bits & ~DEFINED) != 0) {
      throw new TpmFormatException("reserved object attributes are set: 0x%08x".formatted(bits));
    }
  }

  /** Whether all of {@code wanted} are set. */
  public boolean has(int wanted) {
    return (bits & wanted) == wanted;
  }

  /** Whether none of {@code unwanted} is set. */
  public boolean hasNone(int unwanted) {
    return (bits & unwanted) == 0;
  }
}
