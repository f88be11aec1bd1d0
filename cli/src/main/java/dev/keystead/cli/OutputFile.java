package dev.keystead.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes result files. */
public final class OutputFile {
  private OutputFile() {}

  /**
   * Writes all of {@code bytes} to {@code file}, replacing what was there.
   *
   * @throws CommandException failed, when it cannot be written
   */
  public static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw CommandException.failed(
          "the result cannot be written to %s: %s".formatted(file, e.getMessage()));
    }
  }
}
