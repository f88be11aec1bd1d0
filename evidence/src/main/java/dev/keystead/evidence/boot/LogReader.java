package dev.keystead.evidence.boot;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Reads little-endian firmware structures; every read is bounds-checked before it allocates. */
final class LogReader {
  private final ByteBuffer in;
  private final String what;

  LogReader(byte[] bytes, String what) {
    this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.what = what;
  }

  int u8() {
    return need(1).get() & 0xff;
  }

  int u16() {
    return need(2).getShort() & 0xffff;
  }

  long u32() {
    return need(4).getInt() & 0xffffffffL;
  }

  int i32() {
    return need(4).getInt();
  }

  /** A 64-bit size that must be at most {@code limit}. */
  int size64(int limit, String field) {
    long size = need(8).getLong();
    if (size < 0 || size > limit) {
      throw malformed("%s of %s".formatted(field, Long.toUnsignedString(size)));
    }
    return (int) size;
  }

  long u64() {
    return need(8).getLong();
  }

  byte[] bytes(long size) {
    if (size > in.remaining()) {
      throw malformed("truncated: %d bytes wanted, %d left".formatted(size, in.remaining()));
    }
    byte[] value = new byte[(int) size];
    in.get(value);
    return value;
  }

  /** EFI_GUID: three numbers little endian, eight bytes as they stand. */
  UUID guid() {
    long a = u32();
    long b = u16();
    long c = u16();
    long rest = need(8).order(ByteOrder.BIG_ENDIAN).getLong();
    in.order(ByteOrder.LITTLE_ENDIAN);
    return new UUID(a << 32 | b << 16 | c, rest);
  }

  /** UTF-16 text of {@code units} code units. */
  String utf16(int units) {
    return new String(bytes(2L * units), StandardCharsets.UTF_16LE);
  }

  byte[] rest() {
    return bytes(in.remaining());
  }

  int remaining() {
    return in.remaining();
  }

  int position() {
    return in.position();
  }

  void end() {
    if (in.hasRemaining()) {
      throw malformed(in.remaining() + " trailing bytes");
    }
  }

  EvidenceException malformed(String detail) {
    return new EvidenceException(Code.MALFORMED, what, detail);
  }

  private ByteBuffer need(int size) {
    if (size > in.remaining()) {
      throw malformed("truncated: %d bytes wanted, %d left".formatted(size, in.remaining()));
    }
    return in;
  }
}
