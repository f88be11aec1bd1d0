package dev.keystead.tenant.policy;

import dev.keystead.tpm.structure.HashAlg;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The headers of an RPM package of format 3 or 4 (rpm's docs/manual/format_header.md). */
final class RpmHeader {
  private static final int LEAD = 96;
  private static final int LEAD_MAGIC = 0xedabeedb;
  private static final long HEADER_MAGIC = 0x8eade80100000000L;
  private static final int MOST_TAGS = 1 << 16;
  private static final int LARGEST = 128 << 20;
  private static final int INDEX = 16;

  private static final int SIG_SHA256 = 273;
  private static final int FILE_DIGESTS = 1035;
  private static final int DIR_INDEXES = 1116;
  private static final int BASE_NAMES = 1117;
  private static final int DIR_NAMES = 1118;

  private record Tag(int type, int offset, int count) {}

  private final Map<Integer, Tag> tags = new HashMap<>();
  private final byte[] store;

  private RpmHeader(byte[] index, byte[] store) {
    this.store = store;
    ByteBuffer in = ByteBuffer.wrap(index);
    while (in.hasRemaining()) {
      int tag = in.getInt();
      tags.put(tag, new Tag(in.getInt(), in.getInt(), in.getInt()));
    }
  }

  /** A file of the package; the digest is empty for what is no regular file. */
  record File(String path, String digest) {}

  /**
   * Reads a package up to its payload. Where it holds a SHA-256 of its header, that is compared.
   *
   * @throws IOException when it is no such package
   */
  static List<File> files(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    byte[] lead = data.readNBytes(LEAD);
    if (lead.length < LEAD || ByteBuffer.wrap(lead).getInt() != LEAD_MAGIC) {
      throw new IOException("it is no RPM package");
    }
    byte[][] signature = read(data);
    data.skipNBytes(-(signature[0].length + signature[1].length) & 7);
    byte[][] main = read(data);
    RpmHeader signed = new RpmHeader(signature[0], signature[1]);
    List<String> expected = signed.texts(SIG_SHA256);
    byte[] whole =
        ByteBuffer.allocate(16 + main[0].length + main[1].length)
            .putLong(HEADER_MAGIC)
            .putInt(main[0].length / INDEX)
            .putInt(main[1].length)
            .put(main[0])
            .put(main[1])
            .array();
    String found = HexFormat.of().formatHex(HashAlg.SHA256.hash(whole));
    if (!expected.isEmpty() && !expected.equals(List.of(found))) {
      throw new IOException("its header does not have the digest that the package states");
    }
    return new RpmHeader(main[0], main[1]).files();
  }

  private static byte[][] read(DataInputStream in) throws IOException {
    if (in.readLong() != HEADER_MAGIC) {
      throw new IOException("its header is of another version");
    }
    int count = in.readInt();
    int size = in.readInt();
    if (count < 0 || count > MOST_TAGS || size < 0 || size > LARGEST) {
      throw new IOException("its header has %d tags and %d bytes".formatted(count, size));
    }
    return new byte[][] {exactly(in, count * INDEX), exactly(in, size)};
  }

  private static byte[] exactly(InputStream in, int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("its header is cut off");
    }
    return bytes;
  }

  private List<File> files() throws IOException {
    List<String> names = texts(BASE_NAMES);
    List<String> folders = texts(DIR_NAMES);
    List<String> digests = texts(FILE_DIGESTS);
    int[] folderOf = numbers(DIR_INDEXES);
    if (names.size() != folderOf.length || (names.size() != digests.size() && !digests.isEmpty())) {
      throw new IOException("its lists of files do not fit together");
    }
    List<File> files = new ArrayList<>();
    for (int i = 0; i < digests.size(); i++) {
      if (folderOf[i] < 0 || folderOf[i] >= folders.size()) {
        throw new IOException("a file lies in a folder that is not listed");
      }
      files.add(new File(folders.get(folderOf[i]) + names.get(i), digests.get(i)));
    }
    return files;
  }

  /** Strings that end with a zero each; one character for a byte. */
  private List<String> texts(int number) throws IOException {
    Tag tag = tags.get(number);
    if (tag == null) {
      return List.of();
    }
    if (tag.type() != 6 && tag.type() != 8) {
      throw new IOException("tag %d holds no text".formatted(number));
    }
    List<String> texts = new ArrayList<>();
    int at = tag.offset();
    for (int i = 0; i < tag.count(); i++) {
      int end = at;
      while (end >= 0 && end < store.length && store[end] != 0) {
        end++;
      }
      if (end < 0 || end >= store.length) {
        throw new IOException("tag %d reaches out of the header".formatted(number));
      }
      texts.add(new String(store, at, end - at, StandardCharsets.ISO_8859_1));
      at = end + 1;
    }
    return texts;
  }

  private int[] numbers(int number) throws IOException {
    Tag tag = tags.get(number);
    if (tag == null) {
      return new int[0];
    }
    boolean inside =
        tag.offset() >= 0 && tag.count() >= 0 && tag.offset() + 4L * tag.count() <= store.length;
    if (tag.type() != 4 || !inside) {
      throw new IOException("tag %d holds no numbers of the header".formatted(number));
    }
    int[] numbers = new int[tag.count()];
    ByteBuffer.wrap(store, tag.offset(), 4 * tag.count()).asIntBuffer().get(numbers);
    return numbers;
  }
}
