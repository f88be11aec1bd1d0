package dev.keystead.tpm.structure;

/** AES in CFB mode as a TPM's storage keys and sessions use it: key size in bits, 128 or 256. */
public record SymmetricDef(int keyBits) {
  /** TPM_ALG_AES. */
  public static final int AES = 0x0006;

  /** TPM_ALG_CFB. */
  public static final int CFB = 0x0043;

  /** AES-128-CFB. */
  public static final SymmetricDef AES_128 = new SymmetricDef(128);

  /** AES-256-CFB. */
  public static final SymmetricDef AES_256 = new SymmetricDef(256);

  /** Refuses other sizes than AES has in a TPM. */
  public SymmetricDef {
    if (keyBits != 128 && keyBits != 192 && keyBits != 256) {
      throw new TpmFormatException("AES with a key of " + keyBits + " bits");
    }
  }

  /** Writes TPMT_SYM_DEF(_OBJECT). */
  public void write(TpmWriter out) {
    out.u16(AES).u16(keyBits).u16(CFB);
  }

  static SymmetricDef readAfterAlg(TpmReader in, int alg) {
    if (alg != AES) {
      throw new TpmFormatException("symmetric algorithm 0x%04x is not accepted".formatted(alg));
    }
    SymmetricDef def = new SymmetricDef(in.u16());
    int mode = in.u16();
    if (mode != CFB) {
      throw new TpmFormatException("symmetric mode 0x%04x is not accepted".formatted(mode));
    }
    return def;
  }
}
