package dev.keystead.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A folder that goes when the benchmark ends. */
record BenchFolder(Path path) implements AutoCloseable {
  static BenchFolder make() throws IOException {
    return new BenchFolder(Files.createTempDirectory("keystead-bench-"));
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
