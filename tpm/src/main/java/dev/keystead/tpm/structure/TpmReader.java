package dev.keystead.tpm.structure;

import java.nio.ByteBuffer;

/**
 * Reads big-endian TPM structures from a byte array. Every read is bounds-checked before anything
 * is allocated; a short buffer throws {@link TpmFormatException}.
 */
public final class TpmReader {
  private final ByteBuffer buffer;

  /** Reads all of {@code bytes}. */
  public TpmReader(byte[] bytes) {
    this(ByteBuffer.wrap(bytes));
  }

  private TpmReader(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  /** An unsigned byte. */
  public int u8() {
    return need(1).get() & 0xff;
  }

  /** An unsigned 16-bit number. */
  public int u16() {
    return need(2).getShort() & 0xffff;
  }

  /** An unsigned 32-bit number. */
  public long u32() {
    return need(4).getInt() & 0xffffffffL;
  }

  /** A 32-bit number as it stands, for handles and bit fields. */
  public int i32() {
    return need(4).getInt();
  }

  /** A 64-bit number; compare it with {@link Long#compareUnsigned}. */
  public long u64() {
    return need(8).getLong();
  }

  /** Exactly {@code size} bytes. */
  public byte[] bytes(int size) {
    byte[] value = new byte[checked(size)];
    buffer.get(value);
    return value;
  }

  /** A TPM2B: a 16-bit size and that many bytes. */
  public byte[] sized() {
    return bytes(u16());
  }

  /** A TPM2B of at most {@code limit} bytes. */
  public byte[] sized(int limit, String field) {
    int size = u16();
    if (size > limit) {
      throw new TpmFormatException(field + " has " + size + " bytes, at most " + limit + " can be");
    }
    return bytes(size);
  }

  /** A reader over the inside of a TPM2B; this reader continues behind it. */
  public TpmReader sizedReader() {
    int size = checked(u16());
    ByteBuffer inside = buffer.slice(buffer.position(), size);
    buffer.position(buffer.position() + size);
    return new TpmReader(inside);
  }

  /** How many bytes are left. */
  public int remaining() {
    return buffer.remaining();
  }

  /** How many bytes have been read. */
  public int position() {
    return buffer.position();
  }

  /** Requires that nothing is left. */
  public void end(String structure) {
    if (buffer.hasRemaining()) {
      throw new TpmFormatException(structure + " has " + buffer.remaining() + " trailing bytes");
    }
  }

  private ByteBuffer need(int size) {
    checked(size);
    return buffer;
  }

  private int checked(int size) {
    if (size < 0 || size > buffer.remaining()) {
      throw new TpmFormatException(
          "truncated: " + size + " bytes wanted, " + buffer.remaining() + " left");
    }
    return size;
  }
}
