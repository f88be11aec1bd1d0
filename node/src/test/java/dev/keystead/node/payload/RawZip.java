package dev.keystead.node.payload;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes archives field by field, so that a test can lie in any of them. */
final class RawZip {
  private record Entry(Item item, int offset) {}

  /** What both headers of an entry say, and its packed bytes. */
  static final class Item {
    byte[] name;
    byte[] localName;
    byte[] packed;
    int method = 8;
    int flags;
    int crc;
    int unpackedSize;
    int mode = 0x81a4;

    Item(String name, byte[] content) {
      this.name = name.getBytes(StandardCharsets.ISO_8859_1);
      this.localName = this.name;
      CRC32 sum = new CRC32();
      sum.update(content);
      crc = (int) sum.getValue();
      unpackedSize = content.length;
      packed = deflate(content);
    }
  }

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<Entry> entries = new ArrayList<>();

  RawZip add(String name, String content) {
    return add(new Item(name, content.getBytes(StandardCharsets.UTF_8)));
  }

  RawZip add(Item item) {
    entries.add(new Entry(item, out.size()));
    out.writeBytes(header(0x04034b50, 30, item, item.localName, 0));
    out.writeBytes(item.packed);
    return this;
  }

  /** Lists an entry a second time under another name, over the same bytes. */
  RawZip addOverlapping(Item item, int offset) {
    entries.add(new Entry(item, offset));
    return this;
  }

  byte[] bytes() {
    int start = out.size();
    for (Entry entry : entries) {
      out.writeBytes(header(0x02014b50, 46, entry.item, entry.item.name, entry.offset));
    }
    ByteBuffer end = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
    end.putInt(0x06054b50).putInt(0);
    end.putShort((short) entries.size()).putShort((short) entries.size());
    end.putInt(out.size() - start).putInt(start).putShort((short) 0);
    out.writeBytes(end.array());
    return out.toByteArray();
  }

  private static byte[] header(int magic, int size, Item item, byte[] name, int offset) {
    ByteBuffer header = ByteBuffer.allocate(size + name.length).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(magic);
    if (size == 46) {
      header.putShort((short) 0x0314);
    }
    header.putShort((short) 20).putShort((short) item.flags).putShort((short) item.method);
    header.putInt(0).putInt(item.crc).putInt(item.packed.length).putInt(item.unpackedSize);
    header.putShort((short) name.length).putShort((short) 0);
    if (size == 46) {
      header.putShort((short) 0).putShort((short) 0).putShort((short) 0);
      header.putInt(item.mode << 16).putInt(offset);
    }
    return header.put(name).array();
  }

  static byte[] deflate(byte[] content) {
    try (Deflater deflater = new Deflater(9, true)) {
      deflater.setInput(content);
      deflater.finish();
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      while (!deflater.finished()) {
        packed.write(buffer, 0, deflater.deflate(buffer));
      }
      return packed.toByteArray();
    }
  }
}
