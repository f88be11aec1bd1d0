package dev.keystead.tpm.structure;

/**
 * TPMS_NV_PUBLIC (Part 2, 13.6): what an NV index is.
 *
 * @param index the handle, 0x01000000 to 0x01ffffff
 * @param attributes TPMA_NV
 * @param authPolicy the policy digest, empty or of nameAlg's size
 * @param size bytes of data
 */
public record NvPublic(int index, HashAlg nameAlg, int attributes, byte[] authPolicy, int size) {
  /** TPMA_NV: read and write by the owner or by the index's own value; no lockout. */
  public static final int ORDINARY = 0x02060006;

  /** TPMA_NV: read and written by the index's own value and by nobody else; no lockout. */
  public static final int BY_OWN_AUTH = 0x02040004;

  /** TPM_NT_COUNTER, to be added to the attributes. */
  public static final int COUNTER = 0x10;

  /** TPM_NT_EXTEND, to be added to the attributes. */
  public static final int EXTEND = 0x40;

  /** TPMA_NV_OWNERREAD. */
  public static final int OWNER_READ = 1 << 17;

  /** TPMA_NV_AUTHREAD. */
  public static final int AUTH_READ = 1 << 18;

  /** TPMA_NV_WRITTEN. */
  public static final int WRITTEN = 1 << 29;

  /** Requires an NV handle. */
  public NvPublic {
    if (index >>> 24 != 0x01) {
      throw new TpmFormatException("0x%08x is not an NV index".formatted(index));
    }
    if (authPolicy.length != 0 && authPolicy.length != nameAlg.size()) {
      throw new TpmFormatException("an authPolicy of " + authPolicy.length + " bytes");
    }
  }

  /** Parses the structure at the reader. */
  public static NvPublic read(TpmReader in) {
    return new NvPublic(
        in.i32(), HashAlg.of(in.u16()), in.i32(), in.sized(64, "authPolicy"), in.u16());
  }

  /** Writes the structure. */
  public void write(TpmWriter out) {
    out.u32(index).u16(nameAlg.id()).u32(attributes).sized(authPolicy).u16(size);
  }

  /** Whether all of {@code wanted} are set. */
  public boolean has(int wanted) {
    return (attributes & wanted) == wanted;
  }

  /** The index's Name, which changes when it is first written. */
  public TpmName name() {
    TpmWriter out = new TpmWriter();
    write(out);
    return TpmName.ofPublic(nameAlg, out.toBytes());
  }
}
