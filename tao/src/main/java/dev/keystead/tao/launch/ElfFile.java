package dev.keystead.tao.launch;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an ELF file for x86-64 asks the dynamic loader for (ELF-64 object file format; gABI, chapter
 * 5).
 *
 * @param interpreter the loader's path; empty for a static program or a library
 * @param soname the name under which other files ask for this one
 * @param needed the names of the libraries that it asks for, in order
 * @param searched where they are to be looked for first; may hold $ORIGIN
 */
record ElfFile(
    Optional<String> interpreter,
    Optional<String> soname,
    List<String> needed,
    List<String> searched) {
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int MOST_PROGRAM_HEADERS = 128;
  private static final int MOST_NEEDED = 256;
  private static final int LARGEST_DYNAMIC = 1 << 16;
  private static final int LONGEST_STRING = 4096;
  private static final int EXECUTABLE = 2;
  private static final int SHARED = 3;
  private static final int X86_64 = 62;
  private static final int LOAD = 1;
  private static final int DYNAMIC = 2;
  private static final int INTERPRETER = 3;

  /** Tags of the dynamic section. */
  private static final int NULL = 0;

  private static final int NEEDED = 1;
  private static final int STRINGS = 5;
  private static final int SONAME = 14;
  private static final int RPATH = 15;
  private static final int RUNPATH = 29;
  private static final long DEPAUDIT = 0x6ffffefbL;
  private static final long AUDIT = 0x6ffffefcL;
  private static final long AUXILIARY = 0x7ffffffdL;
  private static final long FILTER = 0x7fffffffL;

  private record Segment(long offset, long address, long size) {}

  private record Entry(long tag, long value) {}

  /**
   * Reads what is needed of a file.
   *
   * @throws IOException when it is not such a file, or asks for code in a way that is not followed
   *     here
   */
  static ElfFile read(SealedFile copy) throws IOException {
    try (FileChannel file = copy.read()) {
      return read(file);
    }
  }

  /** Reads what is needed of an open file. */
  static ElfFile read(FileChannel file) throws IOException {
    ByteBuffer header = exactly(file, 0, HEADER);
    if (header.getInt(0) != 0x464c457f || header.get(4) != 2 || header.get(5) != 1) {
      throw new IOException("it is not a 64-bit little-endian ELF file");
    }
    int type = header.getShort(16);
    if ((type != EXECUTABLE && type != SHARED) || header.getShort(18) != X86_64) {
      throw new IOException("it is neither a program nor a library for x86-64");
    }
    int count = Short.toUnsignedInt(header.getShort(56));
    if (header.getShort(54) != PROGRAM_HEADER || count > MOST_PROGRAM_HEADERS) {
      throw new IOException("its program headers are out of bounds");
    }
    ByteBuffer headers = exactly(file, header.getLong(32), count * PROGRAM_HEADER);
    List<Segment> loaded = new ArrayList<>();
    List<Entry> dynamic = List.of();
    Optional<String> interpreter = Optional.empty();
    for (int i = 0; i < count; i++) {
      int start = i * PROGRAM_HEADER;
      long offset = headers.getLong(start + 8);
      long size = headers.getLong(start + 32);
      switch (headers.getInt(start)) {
        case LOAD -> loaded.add(new Segment(offset, headers.getLong(start + 16), size));
        case DYNAMIC -> dynamic = dynamic(at(file, offset, bounded(size, LARGEST_DYNAMIC)));
        case INTERPRETER ->
            interpreter = Optional.of(string(at(file, offset, bounded(size, LONGEST_STRING))));
        default -> {}
      }
    }
    return new Strings(file, loaded, dynamic).elf(interpreter);
  }

  private static List<Entry> dynamic(ByteBuffer section) throws IOException {
    List<Entry> entries = new ArrayList<>();
    while (section.remaining() >= 16) {
      long tag = section.getLong();
      long value = section.getLong();
      if (tag == NULL) {
        return entries;
      }
      if (tag == AUDIT || tag == DEPAUDIT || tag == AUXILIARY || tag == FILTER) {
        throw new IOException(
            "it asks for auditing or filtering libraries, which are not measured");
      }
      entries.add(new Entry(tag, value));
    }
    throw new IOException("its dynamic section has no end");
  }

  /** The string table of a file with a dynamic section. */
  private record Strings(FileChannel file, List<Segment> loaded, List<Entry> dynamic) {
    ElfFile elf(Optional<String> interpreter) throws IOException {
      List<String> needed = all(NEEDED);
      if (needed.size() > MOST_NEEDED) {
        throw new IOException("it needs too many libraries");
      }
      List<String> searched = new ArrayList<>();
      for (String path : all(RUNPATH).isEmpty() ? all(RPATH) : all(RUNPATH)) {
        searched.addAll(List.of(path.split(":")));
      }
      return new ElfFile(interpreter, all(SONAME).stream().findFirst(), needed, searched);
    }

    private List<String> all(int tag) throws IOException {
      List<String> found = new ArrayList<>();
      for (Entry entry : dynamic) {
        if (entry.tag == tag && found.size() <= MOST_NEEDED) {
          found.add(string(table() + entry.value));
        }
      }
      return found;
    }

    private long table() throws IOException {
      for (Entry entry : dynamic) {
        if (entry.tag == STRINGS) {
          return entry.value;
        }
      }
      throw new IOException("its dynamic section has no strings");
    }

    private String string(long address) throws IOException {
      for (Segment segment : loaded) {
        long in = address - segment.address;
        if (in >= 0 && in < segment.size) {
          long left = Math.min(segment.size - in, LONGEST_STRING);
          return ElfFile.string(at(file, segment.offset + in, (int) left));
        }
      }
      throw new IOException("a string lies outside of what is loaded");
    }
  }

  private static String string(ByteBuffer bytes) throws IOException {
    for (int end = 0; end < bytes.limit(); end++) {
      if (bytes.get(end) == 0) {
        byte[] text = new byte[end];
        bytes.get(0, text);
        return new String(text, StandardCharsets.UTF_8);
      }
    }
    throw new IOException("a string has no end");
  }

  private static int bounded(long size, int limit) throws IOException {
    if (size < 0 || size > limit) {
      throw new IOException("a segment is out of bounds");
    }
    return (int) size;
  }

  private static ByteBuffer exactly(FileChannel file, long offset, int size) throws IOException {
    ByteBuffer bytes = at(file, offset, size);
    if (bytes.limit() < size) {
      throw new EOFException("it ends too early");
    }
    return bytes;
  }

  /** As many bytes as there are, at most {@code size}; an offset that overflowed is negative. */
  private static ByteBuffer at(FileChannel file, long offset, int size) throws IOException {
    if (offset < 0 || offset > file.size()) {
      throw new EOFException("it points beyond its end");
    }
    ByteBuffer bytes =
        ByteBuffer.allocate((int) Math.min(size, file.size() - offset))
            .order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, offset + bytes.position()) < 0) {
        throw new EOFException("it ends too early");
      }
    }
    return bytes.flip();
  }
}
