package dev.keystead.tpm.structure;

import java.util.Arrays;
import java.util.HexFormat;

/** TPM2B_NAME's content (Part 1, 16): the algorithm and digest of an object's public area. */
public final class TpmName {
  private final byte[] bytes;

  private TpmName(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes a copy: empty, a handle of four bytes, or a hash algorithm and a digest of its size. */
  public static TpmName of(byte[] bytes) {
    if (bytes.length != 0 && bytes.length != 4) {
      TpmReader in = new TpmReader(bytes);
      int size = HashAlg.of(in.u16()).size();
      if (in.remaining() != size) {
        throw new TpmFormatException("a Name of " + bytes.length + " bytes");
      }
    }
    return new TpmName(bytes.clone());
  }

  /** The Name of an entity that is named by its handle: a hierarchy, a PCR, a session. */
  public static TpmName ofHandle(int handle) {
    return new TpmName(new TpmWriter().u32(handle).toBytes());
  }

  /** The Name over a public area's bytes. */
  public static TpmName ofPublic(HashAlg alg, byte[] area) {
    return new TpmName(new TpmWriter().u16(alg.id()).bytes(alg.hash(area)).toBytes());
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Lower-case hex. */
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TpmName that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return hex();
  }
}
