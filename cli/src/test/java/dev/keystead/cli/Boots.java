package dev.keystead.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The recorded boots that the evidence room carries. */
public final class Boots {
  /** Their folder. */
  public static final Path ALL = Path.of("../evidence/src/test/resources/fixtures");

  /** The roots of their EK certificates. */
  public static final Path ROOTS = ALL.resolve("ca");

  /** Boots without any attack. */
  public static final List<String> CLEAN =
      List.of(
          "01-direct-clean",
          "02-uki-clean",
          "04-uki-cmdline-change",
          "06-runtime-attacks/0-before",
          "07-critical-data",
          "08-ima-ng",
          "09-ima-hash-sha1",
          "11-ima-legacy",
          "12-secureboot-on",
          "14-seabios-clean",
          "19-sha256-bank-only");

  private Boots() {}

  /** The folder of one boot. */
  public static Path of(String name) {
    return ALL.resolve(name);
  }

  /** A copy that may be changed, with the files that a dump of 06 finds in its parent. */
  public static Path copy(String name, Path to) {
    try {
      Path from = of(name);
      if (name.contains("/")) {
        copyFiles(from.resolve(".."), to);
      }
      copyFiles(from, to);
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copyFiles(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.write(to.resolve(file.getFileName().toString()), Files.readAllBytes(file));
      }
    }
  }

  /** A boot's nonce, in hex. */
  public static String nonce(String name) {
    try {
      return Files.readString(of(name).resolve("nonce.hex")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
