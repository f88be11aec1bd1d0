package dev.keystead.claims.cbor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Writes the deterministic encoding: shortest lengths and integers, everything definite. */
final class CborWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  private CborWriter() {}

  static byte[] encode(Cbor item) {
    CborWriter writer = new CborWriter();
    writer.write(item);
    return writer.out.toByteArray();
  }

  private void write(Cbor item) {
    switch (item) {
      case Cbor.Int(long value) -> {
        if (value >= 0) {
          head(Major.UNSIGNED, value);
        } else {
          head(Major.NEGATIVE, ~value);
        }
      }
      case Cbor.Bytes(byte[] value) -> {
        head(Major.BYTES, value.length);
        out.writeBytes(value);
      }
      case Cbor.Text(String value) -> {
        byte[] utf8 = utf8(value);
        head(Major.TEXT, utf8.length);
        out.writeBytes(utf8);
      }
      case Cbor.Array array -> {
        head(Major.ARRAY, array.items().size());
        array.items().forEach(this::write);
      }
      case Cbor.Map map -> {
        head(Major.MAP, map.entries().size());
        for (Cbor.Entry entry : map.entries()) {
          write(entry.key());
          write(entry.value());
        }
      }
      case Cbor.Tag(long tag, Cbor inner) -> {
        head(Major.TAG, tag);
        write(inner);
      }
    }
  }

  private void head(int major, long argument) {
    int type = major << 5;
    if (argument < 24) {
      out.write(type | (int) argument);
      return;
    }
    int size = argument <= 0xff ? 1 : argument <= 0xffff ? 2 : argument <= 0xffffffffL ? 4 : 8;
    out.write(type | (24 + Integer.numberOfTrailingZeros(size)));
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
      out.write((int) (argument >>> shift));
    }
  }

  private static byte[] utf8(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the text has no UTF-8 form", e);
    }
  }
}
