package dev.keystead.tenant.policy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads one archive in cpio's new ASCII format, with or without checksums (the kernel's initramfs
 * buffer format). The content of each entry has to be taken before the next is asked for.
 */
final class CpioReader {
  /** The longest name, as long as a path may be. */
  private static final int LONGEST_NAME = 4096;

  private static final int HEADER = 110;
  private static final int FIELD = 8;
  private static final int MAGIC = 6;
  private static final String TRAILER = "TRAILER!!!";
  private static final int MOST_ENTRIES = 1_000_000;

  private final InputStream in;
  private long position;
  private long nextHeader;
  private int entries;

  /**
   * An entry.
   *
   * @param path its name of bytes, one character each
   * @param inode the same for all names of one file of this archive, with its device
   */
  record Entry(String path, String inode, int mode, long links, long size) {
    boolean isRegular() {
      return (mode & 0170000) == 0100000;
    }
  }

  CpioReader(InputStream in) {
    this.in = in;
  }

  /** Whether an archive begins with these bytes. */
  static boolean isMagic(byte[] first) {
    String magic = new String(first, StandardCharsets.ISO_8859_1);
    return magic.equals("070701") || magic.equals("070702");
  }

  /** The next entry; none behind the last. */
  Optional<Entry> next() throws IOException {
    skipTo(nextHeader);
    byte[] header = take(HEADER);
    byte[] magic = new byte[MAGIC];
    System.arraycopy(header, 0, magic, 0, MAGIC);
    if (!isMagic(magic) || ++entries > MOST_ENTRIES) {
      throw new IOException("an entry is none of the new ASCII format, or there are too many");
    }
    long nameSize = field(header, 11);
    if (nameSize < 1 || nameSize > LONGEST_NAME + 1) {
      throw new IOException("a name has %d bytes".formatted(nameSize));
    }
    byte[] name = take((int) nameSize);
    if (name[name.length - 1] != 0) {
      throw new IOException("a name does not end with a zero");
    }
    skipTo(aligned(position));
    long size = field(header, 6);
    nextHeader = aligned(position + size);
    String path = new String(name, 0, name.length - 1, StandardCharsets.ISO_8859_1);
    if (path.equals(TRAILER)) {
      return Optional.empty();
    }
    String inode = field(header, 0) + "/" + field(header, 7) + "/" + field(header, 8);
    return Optional.of(new Entry(path, inode, (int) field(header, 1), field(header, 4), size));
  }

  /** Hashes the content of the entry that was read last. */
  String hash(Entry entry, FileHasher hasher) throws IOException {
    position += entry.size();
    return hasher.hash(in, entry.size());
  }

  private static long aligned(long at) {
    return (at + 3) & ~3L;
  }

  private void skipTo(long at) throws IOException {
    in.skipNBytes(at - position);
    position = at;
  }

  private byte[] take(int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("the archive ends within an entry");
    }
    position += size;
    return bytes;
  }

  private static long field(byte[] header, int number) throws IOException {
    String hex = new String(header, MAGIC + number * FIELD, FIELD, StandardCharsets.ISO_8859_1);
    try {
      return Long.parseLong(hex.startsWith("+") || hex.startsWith("-") ? "x" : hex, 16);
    } catch (NumberFormatException e) {
      throw new IOException("an entry's header holds what is no number", e);
    }
  }
}
