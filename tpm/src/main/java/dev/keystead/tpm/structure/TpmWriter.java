package dev.keystead.tpm.structure;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Writes big-endian TPM structures. */
public final class TpmWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

  /** The low byte. */
  public TpmWriter u8(int value) {
    out.write(value);
    return this;
  }

  /** The low 16 bits. */
  public TpmWriter u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  /** The low 32 bits. */
  public TpmWriter u32(long value) {
    return u16((int) (value >>> 16)).u16((int) value);
  }

  /** All 64 bits. */
  public TpmWriter u64(long value) {
    return u32(value >>> 32).u32(value);
  }

  /** The bytes as they are. */
  public TpmWriter bytes(byte[] value) {
    out.writeBytes(value);
    return this;
  }

  /** A TPM2B around the bytes. */
  public TpmWriter sized(byte[] value) {
    if (value.length > 0xffff) {
      throw new IllegalArgumentException("a TPM2B holds 65535 bytes, not " + value.length);
    }
    return u16(value.length).bytes(value);
  }

  /** A TPM2B around what {@code inside} writes. */
  public TpmWriter sized(Consumer<TpmWriter> inside) {
    TpmWriter inner = new TpmWriter();
    inside.accept(inner);
    return sized(inner.toBytes());
  }

  /** All that was written. */
  public byte[] toBytes() {
    return out.toByteArray();
  }
}
