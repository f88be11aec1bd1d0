package dev.keystead.evidence.ima;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The kernel's numbers in measurement lists. */
final class LittleEndian {
  /** The bytes of the name in the legacy template's data: 255 and a zero. */
  static final int LEGACY_NAME = 256;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  static long u32(byte[] bytes, int at) {
    return (int) INT.get(bytes, at) & 0xffffffffL;
  }

  static void put(byte[] bytes, int at, int value) {
    INT.set(bytes, at, value);
  }
}
