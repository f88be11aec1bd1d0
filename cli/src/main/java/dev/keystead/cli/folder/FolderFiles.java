package dev.keystead.cli.folder;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds files by name in a folder, then in the folder above it: dumps of one boot share the keys
 * and certificates that lie beside them.
 */
final class FolderFiles {
  private final Path folder;
  private final Path above;

  FolderFiles(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw CommandException.unreadable("the folder %s does not exist".formatted(folder));
    }
    this.folder = folder;
    Path parent = folder.toAbsolutePath().normalize().getParent();
    this.above = parent == null ? folder : parent;
  }

  /** The file of this name, if there is one. */
  Optional<Path> find(String name) {
    return Stream.of(folder, above).map(f -> f.resolve(name)).filter(Files::exists).findFirst();
  }

  /** The bytes of a file that has to be there. */
  byte[] read(String name, int limit) {
    Path file =
        find(name)
            .orElseThrow(() ->
                CommandException.unreadable(
                    "the folder %s has no file %s".formatted(folder, name)));
    return InputFile.read(file, limit, "the evidence");
  }

  /** The bytes of a file of this folder itself, if it is there. */
  Optional<byte[]> own(String name, int limit) {
    Path file = folder.resolve(name);
    return Files.exists(file)
        ? Optional.of(InputFile.read(file, limit, "the evidence"))
        : Optional.empty();
  }

  /** What stands between a prefix and a suffix in the names of files, in order. */
  List<String> between(String prefix, String suffix, boolean alsoAbove) {
    TreeSet<String> names = new TreeSet<>(list(folder, prefix, suffix));
    if (names.isEmpty() && alsoAbove) {
      names.addAll(list(above, prefix, suffix));
    }
    return List.copyOf(names);
  }

  private static List<String> list(Path where, String prefix, String suffix) {
    try (Stream<Path> files = Files.list(where)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith(prefix) && name.endsWith(suffix))
          .filter(name -> name.length() > prefix.length() + suffix.length())
          .map(name -> name.substring(prefix.length(), name.length() - suffix.length()))
          .limit(64)
          .toList();
    } catch (IOException e) {
      throw CommandException.unreadable(
          "the folder %s cannot be read: %s".formatted(where, e.getMessage()));
    }
  }
}
