package dev.keystead.tenant.policy;

import dev.keystead.tenant.policy.Harvest.Allowed;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Debian package (deb(5)): an ar archive whose data.tar holds the files. Packages state MD5
 * digests only, which IMA does not use, so the files are unpacked in passing and hashed.
 */
final class DebPackage {
  private static final String MAGIC = "!<arch>\n";
  private static final int HEADER = 60;

  /** Folders that are links into /usr where /usr is merged. */
  private static final Set<String> MERGED =
      Set.of("bin", "sbin", "lib", "lib32", "lib64", "libx32");

  private DebPackage() {}

  /** All regular files, under both names where a merged /usr gives them another one. */
  static List<Allowed> files(InputStream in, FileHasher hasher) throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length());
    if (!MAGIC.equals(new String(magic, StandardCharsets.ISO_8859_1))) {
      throw new IOException("it is no Debian package");
    }
    while (true) {
      byte[] header = in.readNBytes(HEADER);
      if (header.length < HEADER) {
        throw new EOFException("it has no data.tar");
      }
      String name = new String(header, 0, 16, StandardCharsets.ISO_8859_1).strip();
      long size = size(header);
      if (name.startsWith("data.tar")) {
        try (InputStream tar = Decompressor.ofAny(new Part(in, size))) {
          return files(new TarReader(tar), hasher);
        }
      }
      in.skipNBytes(size + (size & 1));
    }
  }

  private static long size(byte[] header) throws IOException {
    String text = new String(header, 48, 10, StandardCharsets.ISO_8859_1).strip();
    if (!text.matches("[0-9]{1,10}")) {
      throw new IOException("a part of it has no size");
    }
    return Long.parseLong(text);
  }

  private static List<Allowed> files(TarReader tar, FileHasher hasher) throws IOException {
    List<Allowed> files = new ArrayList<>();
    Map<String, String> digests = new HashMap<>();
    for (Optional<TarReader.Entry> e = tar.next(); e.isPresent(); e = tar.next()) {
      TarReader.Entry entry = e.get();
      String name = ArchivePath.measured(entry.path());
      if (entry.type() == '0') {
        digests.put(name, tar.hash(entry, hasher));
      } else if (entry.type() == '1') {
        String digest = digests.get(ArchivePath.measured(entry.link()));
        if (digest == null) {
          throw new IOException("it has a link to a file that it does not have");
        }
        digests.put(name, digest);
      }
    }
    digests.forEach((name, digest) -> {
      files.add(new Allowed(name, digest));
      int second = name.indexOf('/', 1);
      if (second > 0 && MERGED.contains(name.substring(1, second))) {
        files.add(new Allowed("/usr" + name, digest));
      }
    });
    return files;
  }

  /** A part of a stream, which stays open. */
  private static final class Part extends InputStream {
    private final InputStream in;
    private long left;

    Part(InputStream in, long size) {
      this.in = in;
      this.left = size;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        return -1;
      }
      left--;
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int read = in.read(bytes, from, (int) Math.min(length, left));
      left -= Math.max(read, 0);
      return read;
    }
  }
}
