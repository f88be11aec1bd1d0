package dev.keystead.tpm.structure;

/** An elliptic curve of the TCG registry with its JCA name and field size in bytes. */
public enum EccCurve {
  /** NIST P-256. */
  P256(0x0003, "secp256r1", 32),
  /** NIST P-384. */
  P384(0x0004, "secp384r1", 48),
  /** NIST P-521. */
  P521(0x0005, "secp521r1", 66);

  private final int id;
  private final String javaName;
  private final int size;

  EccCurve(int id, String javaName, int size) {
    this.id = id;
    this.javaName = javaName;
    this.size = size;
  }

  /** The TPM_ECC_CURVE. */
  public int id() {
    return id;
  }

  /** The JCA name. */
  public String javaName() {
    return javaName;
  }

  /** Bytes of one coordinate. */
  public int size() {
    return size;
  }

  /** The curve with this TPM_ECC_CURVE. */
  public static EccCurve of(int id) {
    for (EccCurve curve : values()) {
      if (curve.id == id) {
        return curve;
      }
    }
    throw new TpmFormatException("curve 0x%04x is not accepted".formatted(id));
  }
}
