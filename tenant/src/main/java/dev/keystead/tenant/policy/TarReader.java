package dev.keystead.tenant.policy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads a tar archive: POSIX ustar, with the long names of GNU tar and pax. The content of each
 * entry has to be taken or passed over before the next is asked for; {@link #next} does so.
 */
final class TarReader {
  private static final int BLOCK = 512;
  private static final int LONGEST_NAME = 1 << 16;

  private final InputStream in;
  private long left;
  private String longName = "";
  private String longLink = "";

  /**
   * An entry.
   *
   * @param path one character for a byte
   * @param type {@code '0'} for a file, {@code '1'} for another name of one
   * @param link the other name
   */
  record Entry(String path, char type, String link, long size) {}

  TarReader(InputStream in) {
    this.in = in;
  }

  /** The next entry that is no extension; none at the end. */
  Optional<Entry> next() throws IOException {
    while (true) {
      in.skipNBytes(left);
      byte[] block = in.readNBytes(BLOCK);
      if (block.length == 0 || isZero(block)) {
        return Optional.empty();
      }
      if (block.length < BLOCK) {
        throw new EOFException("the archive ends within a header");
      }
      requireChecksum(block);
      long size = number(block, 124, 12);
      left = (size + BLOCK - 1) / BLOCK * BLOCK;
      char type = block[156] == 0 ? '0' : (char) block[156];
      switch (type) {
        case 'L' -> longName = untilZero(extension(size), 0, (int) size);
        case 'K' -> longLink = untilZero(extension(size), 0, (int) size);
        case 'x' -> pax(extension(size));
        case 'g' -> extension(size);
        default -> {
          return Optional.of(entry(block, type, size));
        }
      }
    }
  }

  private Entry entry(byte[] block, char type, long size) {
    String name = untilZero(block, 0, 100);
    String prefix = untilZero(block, 345, 155);
    boolean ustar = untilZero(block, 257, 6).equals("ustar");
    String path = ustar && !prefix.isEmpty() ? prefix + "/" + name : name;
    Entry entry =
        new Entry(
            longName.isEmpty() ? path : longName,
            type,
            longLink.isEmpty() ? untilZero(block, 157, 100) : longLink,
            size);
    longName = "";
    longLink = "";
    return entry;
  }

  /** Hashes the content of the entry that was read last. */
  String hash(Entry entry, FileHasher hasher) throws IOException {
    left -= entry.size();
    return hasher.hash(in, entry.size());
  }

  private byte[] extension(long size) throws IOException {
    if (size > LONGEST_NAME) {
      throw new IOException("an extended header of %d bytes".formatted(size));
    }
    byte[] bytes = in.readNBytes((int) size);
    left -= bytes.length;
    return bytes;
  }

  /** Records of {@code length key=value}. */
  private void pax(byte[] records) throws IOException {
    int at = 0;
    while (at < records.length) {
      int space = at;
      while (space < records.length && records[space] != ' ') {
        space++;
      }
      int length;
      try {
        length = Integer.parseInt(new String(records, at, space - at, StandardCharsets.ISO_8859_1));
      } catch (NumberFormatException e) {
        throw new IOException("an extended header that cannot be read", e);
      }
      if (length <= space - at + 1 || length > records.length - at) {
        throw new IOException("an extended header that cannot be read");
      }
      String record =
          new String(records, space + 1, at + length - space - 2, StandardCharsets.ISO_8859_1);
      if (record.startsWith("path=")) {
        longName = record.substring(5);
      } else if (record.startsWith("linkpath=")) {
        longLink = record.substring(9);
      } else if (record.startsWith("size=")) {
        throw new IOException("an entry of more than 8 GiB");
      }
      at += length;
    }
  }

  private static void requireChecksum(byte[] block) throws IOException {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
    }
    if (sum != number(block, 148, 8)) {
      throw new IOException("a header of the archive does not have its checksum");
    }
  }

  private static long number(byte[] block, int at, int length) throws IOException {
    String octal = untilZero(block, at, length).strip();
    try {
      long value = octal.isEmpty() ? 0 : Long.parseLong(octal, 8);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IOException("a header of the archive holds what is no octal number", e);
    }
    throw new IOException("a header of the archive holds a negative number");
  }

  private static String untilZero(byte[] bytes, int at, int length) {
    int end = at;
    while (end < Math.min(at + length, bytes.length) && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }
}
