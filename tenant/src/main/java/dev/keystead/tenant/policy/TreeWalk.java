package dev.keystead.tenant.policy;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.keystead.tenant.policy.FileHasher.Kind;
import dev.keystead.tpm.structure.HashAlg;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;

/**
 * Walks a tree and hashes its files, folders and batches of files side by side. Paths are those
 * below the tree's root, as text of one character for a byte.
 */
final class TreeWalk {
  private static final int BATCH_SIZE = 64;

  /** Enough that a disk with a cold cache always has requests waiting. */
  private static final int THREADS_PER_CPU = 8;

  private static final int ENTRIES = 64 << 10;
  private static final int LENGTH_AT = 16;
  private static final int TYPE_AT = 18;
  private static final int NAME_AT = 19;
  private static final int DT_UNKNOWN = 0;
  private static final int DT_DIR = 4;
  private static final int DT_REG = 8;

  private final int root;
  private final Set<String> skipped;
  private final boolean anyOwner;
  private final Harvest harvest;
  private final ThreadLocal<FileHasher> hashers;

  private TreeWalk(
      int root,
      Set<String> skipped,
      boolean anyOwner,
      HashAlg alg,
      Harvest harvest,
      Meter meter,
      Arena arena) {
    this.root = root;
    this.skipped = skipped;
    this.anyOwner = anyOwner;
    this.harvest = harvest;
    this.hashers = ThreadLocal.withInitial(() -> new FileHasher(alg, meter, arena));
  }

  /** Walks the tree below an open folder, which stays open. */
  static void run(
      int root, Set<String> skipped, boolean anyOwner, HashAlg alg, Harvest harvest, Meter meter) {
    int threads = THREADS_PER_CPU * Runtime.getRuntime().availableProcessors();
    try (Arena arena = Arena.ofShared();
        ForkJoinPool pool = new ForkJoinPool(threads)) {
      pool.invoke(
          new TreeWalk(root, skipped, anyOwner, alg, harvest, meter, arena).new Folder("."));
    }
  }

  private static byte[] bytes(String path) {
    return path.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A path as the name that IMA writes, if it is UTF-8. */
  private static Optional<String> measured(String path) {
    String text = path;
    if (!isAscii(path)) {
      try {
        text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(path))).toString();
      } catch (CharacterCodingException e) {
        return Optional.empty();
      }
    }
    return Optional.of(Harvest.asMeasured("/" + text));
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private final class Folder extends RecursiveAction {
    private final String path;
    private final transient List<String> files = new ArrayList<>();
    private final transient List<RecursiveAction> parts = new ArrayList<>();

    Folder(String path) {
      this.path = path;
    }

    @Override
    protected void compute() {
      int folder = hashers.get().openFolder(root, bytes(path));
      if (folder < 0) {
        harvest.leaveOut("/" + path, "the folder cannot be listed");
        return;
      }
      list(folder);
      LinuxFiles.close(folder);
      for (int from = 0; from < files.size(); from += BATCH_SIZE) {
        parts.add(new Batch(files.subList(from, Math.min(from + BATCH_SIZE, files.size()))));
      }
      invokeAll(parts);
    }

    private void list(int folder) {
      byte[] entries = new byte[ENTRIES];
      try (Arena own = Arena.ofConfined()) {
        MemorySegment buffer = own.allocate(ENTRIES, 8);
        long size = LinuxFiles.entries(folder, buffer);
        while (size > 0) {
          MemorySegment.copy(buffer, JAVA_BYTE, 0, entries, 0, (int) size);
          int at = 0;
          while (at < size) {
            sort(entries[at + TYPE_AT], name(entries, at + NAME_AT));
            at += ByteBuffer.wrap(entries).order(ByteOrder.nativeOrder()).getShort(at + LENGTH_AT);
          }
          size = LinuxFiles.entries(folder, buffer);
        }
        if (size < 0) {
          harvest.leaveOut("/" + path, "the folder cannot be listed to its end");
        }
      }
    }

    private static String name(byte[] entries, int from) {
      int to = from;
      while (entries[to] != 0) {
        to++;
      }
      return new String(entries, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private void sort(int type, String name) {
      if (name.equals(".") || name.equals("..")) {
        return;
      }
      String full = path.equals(".") ? name : path + "/" + name;
      boolean isFolder =
          type == DT_DIR
              || (type == DT_UNKNOWN
                  && hashers.get().kind(root, bytes(full), anyOwner) == Kind.FOLDER);
      if (isFolder) {
        if (!skipped.contains(full)) {
          parts.add(new Folder(full));
        }
      } else if (type == DT_REG || type == DT_UNKNOWN) {
        files.add(full);
      }
    }
  }

  private final class Batch extends RecursiveAction {
    private final transient List<String> files;

    Batch(List<String> files) {
      this.files = files;
    }

    @Override
    protected void compute() {
      FileHasher hasher = hashers.get();
      List<Harvest.Allowed> allowed = new ArrayList<>(files.size());
      for (String file : files) {
        byte[] path = bytes(file);
        if (hasher.kind(root, path, anyOwner) == Kind.FILE) {
          add(file, hasher.hash(root, path), allowed);
        }
      }
      harvest.addAll(allowed);
    }

    private void add(String file, Optional<String> digest, List<Harvest.Allowed> allowed) {
      Optional<String> name = measured(file);
      if (digest.isEmpty()) {
        harvest.leaveOut("/" + file, "it cannot be read");
      } else if (name.isEmpty()) {
        harvest.leaveOut("/" + file, "its name is not UTF-8");
      } else {
        allowed.add(new Harvest.Allowed(name.get(), digest.get()));
      }
    }
  }
}
