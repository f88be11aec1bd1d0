package dev.keystead.tpm.structure;

/**
 * TPMT_TK_* (Part 2, 10.7): a TPM's note to itself that it has checked something.
 *
 * @param tag the TPM_ST that says what was checked
 * @param hierarchy whose proof the digest is keyed with
 * @param digest an HMAC, at most 64 bytes
 */
public record Ticket(int tag, int hierarchy, byte[] digest) {
  private static final int HIERARCHY_NULL = 0x40000007;

  /** TPM_ST_HASHCHECK with no proof: the digest to sign did not come from the TPM. */
  public static final Ticket NO_HASHCHECK = new Ticket(0x8024, HIERARCHY_NULL, new byte[0]);

  /** Parses the structure at the reader. */
  public static Ticket read(TpmReader in) {
    return new Ticket(in.u16(), in.i32(), in.sized(64, "a ticket"));
  }

  /** Writes the structure. */
  public void write(TpmWriter out) {
    out.u16(tag).u32(hierarchy).sized(digest);
  }
}
