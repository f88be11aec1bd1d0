package dev.keystead.tao.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * The libraries that a dynamic program needs, as sealed copies, in the order in which the loader
 * would have loaded them. Only the GNU loader is given programs, because only with it is it certain
 * that a library that was preloaded is the one that is used.
 */
final class Libraries {
  private static final String GNU_LOADER = "ld-linux-x86-64.so.2";
  private static final int MOST = 256;
  private static final Path FORCED = Path.of("/etc/ld.so.preload");

  /** Where libraries are looked for, after where their users ask for them. */
  private static final List<Path> STANDARD =
      List.of(
          Path.of("/lib/x86_64-linux-gnu"),
          Path.of("/usr/lib/x86_64-linux-gnu"),
          Path.of("/lib64"),
          Path.of("/usr/lib64"),
          Path.of("/usr/local/lib"),
          Path.of("/lib"),
          Path.of("/usr/lib"));

  /** A file that asks for libraries, and where it lay, for $ORIGIN. */
  private record Asking(ElfFile elf, Path origin) {}

  private final Map<String, SealedFile> found = new LinkedHashMap<>();
  private final Queue<Asking> asking = new ArrayDeque<>();

  private Libraries() {}

  /** Whether a program is one for the GNU loader. */
  static void requireGnu(String interpreter) throws IOException {
    if (!Path.of(interpreter).getFileName().toString().equals(GNU_LOADER)) {
      throw new IOException(
          "its loader %s is not known here: link it statically".formatted(interpreter));
    }
  }

  /** The loader would load what this file names, into every program, without measuring it. */
  static void requireNoneForced() throws IOException {
    if (Files.exists(FORCED)) {
      throw new IOException(FORCED + " exists: no dynamic program can be measured whole");
    }
  }

  /**
   * Finds and copies the libraries of some files that are loaded together.
   *
   * @param files what asks first
   * @param provided names that the program brings along by itself
   * @return name to copy; the caller closes them
   */
  static Map<String, SealedFile> of(Map<Path, ElfFile> files, List<String> provided)
      throws IOException {
    Libraries libraries = new Libraries();
    try {
      files.forEach((path, elf) -> libraries.asking.add(new Asking(elf, origin(path))));
      while (!libraries.asking.isEmpty()) {
        libraries.follow(libraries.asking.remove(), provided);
      }
      return libraries.found;
    } catch (IOException | RuntimeException | Error e) {
      libraries.found.values().forEach(SealedFile::close);
      throw e;
    }
  }

  private static Path origin(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of("/") : parent;
  }

  private void follow(Asking asker, List<String> provided) throws IOException {
    for (String name : asker.elf.needed()) {
      if (name.equals(GNU_LOADER) || provided.contains(name) || found.containsKey(name)) {
        continue;
      }
      if (name.isEmpty() || name.matches(".*[/:\\s].*") || found.size() >= MOST) {
        throw new IOException("it needs a library that cannot be followed: " + name);
      }
      Path path = find(name, asker);
      SealedFile copy = SealedFile.copy(path, true);
      found.put(name, copy);
      ElfFile elf = ElfFile.read(copy);
      // By this name the loader knows that the library is there already.
      if (!elf.soname().equals(Optional.of(name))) {
        throw new IOException("%s does not say that it is %s".formatted(path, name));
      }
      asking.add(new Asking(elf, origin(path.toRealPath())));
    }
  }

  private static Path find(String name, Asking asker) throws IOException {
    List<Path> places = new ArrayList<>();
    for (String place : asker.elf.searched()) {
      String path =
          place
              .replace("${ORIGIN}", asker.origin.toString())
              .replace("$ORIGIN", asker.origin.toString());
      if (path.startsWith("/") && path.indexOf('$') < 0) {
        places.add(Path.of(path));
      }
    }
    places.addAll(STANDARD);
    for (Path place : places) {
      if (Files.isRegularFile(place.resolve(name))) {
        return place.resolve(name);
      }
    }
    throw new IOException("the library %s is not found".formatted(name));
  }
}
