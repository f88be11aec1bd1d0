package dev.keystead.node.payload;

import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.node.secure.PrivateTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A zip archive (PKWARE APPNOTE 6.3) as an owner delivers it: wholly checked in memory before a
 * single file is written. Taken are stored and deflated regular files and directories with plain
 * ASCII names; whatever else an archive can hold is refused.
 */
public final class Archive {
  /** At most so many entries. */
  static final int MAX_ENTRIES = 1024;

  /** A file or directory, checked. */
  record Entry(EntryName name, byte[] content) {}

  private final List<Entry> entries;

  private Archive(List<Entry> entries) {
    this.entries = entries;
  }

  /** Whether these bytes claim to be a zip archive. */
  public static boolean looksLikeOne(byte[] bytes) {
    return bytes.length >= 4
        && bytes[0] == 'P'
        && bytes[1] == 'K'
        && ((bytes[2] == 3 && bytes[3] == 4) || (bytes[2] == 5 && bytes[3] == 6));
  }

  /**
   * Checks the archive.
   *
   * @param bytes all of it
   * @param limit the most bytes that its files may have together
   * @param reserved names in the top directory that no entry may have
   */
  public static Archive parse(byte[] bytes, int limit, List<String> reserved)
      throws PayloadException {
    List<Entry> entries = new ArrayList<>();
    Map<String, Boolean> seen = new HashMap<>();
    for (String name : reserved) {
      seen.put(name.toLowerCase(Locale.ROOT), false);
    }
    for (CentralEntry entry : CentralEntry.readAll(bytes, MAX_ENTRIES, limit)) {
      EntryName name = EntryName.parse(entry.name());
      requireFree(name, seen);
      requirePlainType(entry, name);
      entries.add(new Entry(name, entry.content(bytes)));
    }
    return new Archive(entries);
  }

  /** Writes everything into {@code directory}, which is empty and ours; files get mode 0600. */
  public void unpackInto(Path directory) throws IOException {
    for (Entry entry : entries) {
      Path path = directory.resolve(entry.name().toString());
      PrivateFiles.folder(
          entry.name().directory() ? path : directory.resolve(entry.name().parent()));
      if (!entry.name().directory()) {
        PrivateTree.create(path, entry.content());
      }
    }
  }

  /** How many files and directories it has. */
  public int size() {
    return entries.size();
  }

  /** Names are compared without case, so that the outcome is the same on every file system. */
  private static void requireFree(EntryName name, Map<String, Boolean> seen)
      throws PayloadException {
    StringBuilder path = new StringBuilder();
    int last = name.segments().size() - 1;
    for (int i = 0; i <= last; i++) {
      path.append(i == 0 ? "" : "/").append(name.segments().get(i).toLowerCase(Locale.ROOT));
      boolean directory = i < last;
      Boolean earlier = seen.putIfAbsent(path.toString(), directory || name.directory());
      if (earlier != null && !(directory && earlier)) {
        throw new PayloadException("two entries, or an entry and ours, share the name " + name);
      }
    }
  }

  private static void requirePlainType(CentralEntry entry, EntryName name) throws PayloadException {
    int type = entry.unixMode() & 0xf000;
    boolean fits = type == 0 || type == (name.directory() ? 0x4000 : 0x8000);
    if (!fits) {
      throw new PayloadException(name + " is a link, a device or another special file");
    }
  }
}
