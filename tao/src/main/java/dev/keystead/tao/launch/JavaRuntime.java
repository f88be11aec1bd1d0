package dev.keystead.tao.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A JVM, hashed: bin/java, release, and all of lib and conf but the sources and the compiler's
 * table of old releases, which no running program uses. Symbolic links count as what they lead to.
 *
 * @param home where it lies
 * @param files all of it, in the order of their names
 */
record JavaRuntime(Path home, List<Part> files) {
  private static final int MOST_FILES = 10_000;
  private static final int DEEPEST = 16;
  private static final List<String> LEFT_OUT = List.of("lib/src.zip", "lib/ct.sym");

  /** What the launcher and the JVM itself are made of, whose libraries are measured too. */
  private static final List<String> CORE =
      List.of(
          "bin/java",
          "lib/libjli.so",
          "lib/server/libjvm.so",
          "lib/libjava.so",
          "lib/libjimage.so",
          "lib/libnet.so",
          "lib/libnio.so",
          "lib/libzip.so",
          "lib/libverify.so",
          "lib/libextnet.so",
          "lib/libj2gss.so",
          "lib/libmanagement.so",
          "lib/libprefs.so",
          "lib/libinstrument.so");

  /**
   * One file.
   *
   * @param name its path under the home, with slashes
   * @param digest SHA-256 of its content
   * @param executable whether its owner may execute it
   */
  record Part(String name, byte[] digest, boolean executable) {}

  static JavaRuntime measure(Path home, FileHashes hashes) throws IOException {
    List<Path> paths = new ArrayList<>(List.of(home.resolve("bin/java")));
    if (Files.exists(home.resolve("release"))) {
      paths.add(home.resolve("release"));
    }
    for (String tree : List.of("conf", "lib")) {
      if (Files.exists(home.resolve(tree))) {
        try (Stream<Path> walk =
            Files.walk(home.resolve(tree), DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
          walk.filter(Files::isRegularFile).limit(MOST_FILES + 1L).forEach(paths::add);
        } catch (UncheckedIOException e) {
          throw e.getCause();
        }
      }
    }
    if (paths.size() > MOST_FILES) {
      throw new IOException("%s has more than %d files".formatted(home, MOST_FILES));
    }
    List<Part> parts = new ArrayList<>();
    for (Path path : paths.stream().sorted().toList()) {
      String name = home.relativize(path).toString();
      if (!LEFT_OUT.contains(name)) {
        parts.add(new Part(name, hashes.hash(path), Files.isExecutable(path)));
      }
    }
    return new JavaRuntime(home, parts);
  }

  /** Those of {@link #CORE} that it has. */
  List<Part> core() {
    return files.stream().filter(part -> CORE.contains(part.name)).toList();
  }

  /** The names of its own libraries. */
  List<String> libraries() {
    return files.stream()
        .map(part -> part.name.substring(part.name.lastIndexOf('/') + 1))
        .filter(name -> name.endsWith(".so"))
        .toList();
  }
}
