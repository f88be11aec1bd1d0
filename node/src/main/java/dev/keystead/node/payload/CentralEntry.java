package dev.keystead.node.payload;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * An entry of a zip archive's central directory with the place of its data (APPNOTE 4.3.12). Sizes
 * are those of the central directory; they are bounded before anything is inflated, and must turn
 * out true.
 */
record CentralEntry(
    byte[] name,
    int flags,
    int method,
    int crc,
    int packed,
    int unpacked,
    int unixMode,
    int header) {
  private static final int END = 0x06054b50;
  private static final int END_SIZE = 22;
  private static final int CENTRAL = 0x02014b50;
  private static final int CENTRAL_SIZE = 46;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_SIZE = 30;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int DESCRIPTOR_FLAG = 1 << 3;
  private static final int KNOWN_FLAGS = (1 << 1) | (1 << 2) | DESCRIPTOR_FLAG | (1 << 11);

  /** A file up to this size may be packed as tightly as it likes. */
  private static final int SMALL = 64 << 10;

  private static final int MAX_RATIO = 100;

  static List<CentralEntry> readAll(byte[] zip, int maxEntries, int limit) throws PayloadException {
    ByteBuffer in = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int end = zip.length - END_SIZE;
    if (end < 0 || in.getInt(end) != END) {
      throw new PayloadException(
          "the archive is cut off, or has a comment or bytes behind its end");
    }
    int count = u16(in, end + 10);
    int start = in.getInt(end + 16);
    if (in.getInt(end + 4) != 0 || u16(in, end + 8) != count || u16(in, end + 20) != 0) {
      throw new PayloadException("the archive spans disks or its end record contradicts itself");
    }
    if (count > maxEntries) {
      throw new PayloadException(count + " entries, at most " + maxEntries + " are taken");
    }
    if (start < 0 || start > end || in.getInt(end + 12) != end - start) {
      throw new PayloadException("the central directory is not where the archive says");
    }
    in.limit(end).position(start);
    List<CentralEntry> entries = new ArrayList<>();
    long total = 0;
    for (int i = 0; i < count; i++) {
      CentralEntry entry = read(in);
      total += entry.unpacked;
      if (total > limit) {
        throw new PayloadException("more than " + limit + " bytes when unpacked");
      }
      entries.add(entry);
    }
    if (in.hasRemaining()) {
      throw new PayloadException("the central directory has trailing bytes");
    }
    requireDisjoint(entries, zip, start);
    return entries;
  }

  private static CentralEntry read(ByteBuffer in) throws PayloadException {
    int at = in.position();
    if (in.remaining() < CENTRAL_SIZE || in.getInt(at) != CENTRAL) {
      throw new PayloadException("the central directory is damaged");
    }
    int nameSize = u16(in, at + 28);
    int size = CENTRAL_SIZE + nameSize + u16(in, at + 30) + u16(in, at + 32);
    if (in.remaining() < size) {
      throw new PayloadException("the central directory is cut off");
    }
    byte[] name = new byte[nameSize];
    in.get(at + CENTRAL_SIZE, name);
    CentralEntry entry =
        new CentralEntry(
            name,
            u16(in, at + 8),
            u16(in, at + 10),
            in.getInt(at + 16),
            in.getInt(at + 20),
            in.getInt(at + 24),
            u16(in, at + 40),
            in.getInt(at + 42));
    entry.check();
    in.position(at + size);
    return entry;
  }

  private void check() throws PayloadException {
    if ((flags & ~KNOWN_FLAGS) != 0) {
      throw new PayloadException("an entry is encrypted or uses a feature that is not taken");
    }
    if (method != STORED && method != DEFLATED) {
      throw new PayloadException("an entry is packed by method " + method);
    }
    if (packed < 0 || unpacked < 0 || header < 0 || (method == STORED && packed != unpacked)) {
      throw new PayloadException("an entry's sizes contradict each other");
    }
    if (unpacked > SMALL && unpacked / MAX_RATIO > packed) {
      throw new PayloadException("an entry that unpacks to more than 100 times its size");
    }
  }

  /**
   * Each byte belongs to one entry: overlapping entries make small archives that unpack to giants.
   */
  private static void requireDisjoint(List<CentralEntry> entries, byte[] zip, int end)
      throws PayloadException {
    int free = 0;
    for (CentralEntry entry :
        entries.stream().sorted(Comparator.comparingInt(CentralEntry::header)).toList()) {
      if (entry.header < free) {
        throw new PayloadException("entries overlap");
      }
      free = Math.addExact(entry.dataStart(zip, end), entry.packed);
      if (free > end) {
        throw new PayloadException("an entry's data is cut off");
      }
    }
  }

  /** Checks the local header against the central directory; the data follows it. */
  private int dataStart(byte[] zip, int end) throws PayloadException {
    ByteBuffer in = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    if (header > end - LOCAL_SIZE || in.getInt(header) != LOCAL) {
      throw new PayloadException("an entry's header is not where the archive says");
    }
    int nameSize = u16(in, header + 26);
    int start = header + LOCAL_SIZE + nameSize + u16(in, header + 28);
    if (start > end || packed > end - start) {
      throw new PayloadException("an entry's data is cut off");
    }
    int nameStart = header + LOCAL_SIZE;
    boolean sameSizes =
        in.getInt(header + 14) == crc
            && in.getInt(header + 18) == packed
            && in.getInt(header + 22) == unpacked;
    if (!Arrays.equals(zip, nameStart, nameStart + nameSize, name, 0, name.length)
        || u16(in, header + 6) != flags
        || u16(in, header + 8) != method
        || (!sameSizes && (flags & DESCRIPTOR_FLAG) == 0)) {
      throw new PayloadException("an entry's header contradicts the central directory");
    }
    return start;
  }

  /** The entry's bytes, with the size and the CRC that were promised. */
  byte[] content(byte[] zip) throws PayloadException {
    int start = dataStart(zip, zip.length);
    byte[] content =
        method == STORED ? Arrays.copyOfRange(zip, start, start + packed) : inflate(zip, start);
    CRC32 sum = new CRC32();
    sum.update(content);
    if ((int) sum.getValue() != crc) {
      throw new PayloadException("an entry's CRC is wrong");
    }
    return content;
  }

  private byte[] inflate(byte[] zip, int start) throws PayloadException {
    byte[] content = new byte[unpacked];
    try (Inflater inflater = new Inflater(true)) {
      inflater.setInput(zip, start, packed);
      int size = 0;
      while (size < unpacked) {
        int step = inflater.inflate(content, size, unpacked - size);
        if (step == 0) {
          break;
        }
        size += step;
      }
      boolean more = inflater.inflate(new byte[1]) != 0;
      if (more || size != unpacked || !inflater.finished() || inflater.getBytesRead() != packed) {
        throw new PayloadException("an entry does not unpack to its size");
      }
      return content;
    } catch (DataFormatException e) {
      throw new PayloadException("an entry's data is damaged");
    }
  }

  private static int u16(ByteBuffer in, int at) {
    return in.getShort(at) & 0xffff;
  }
}
