package dev.keystead.node.push;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** When the kernel says that it was started. */
final class BootTime {
  private static final Path STAT = Path.of("/proc/stat");

  Optional<Instant> read() throws IOException {
    try (var lines = Files.lines(STAT)) {
      return lines
          .filter(line -> line.matches("btime [0-9]{1,12}"))
          .findFirst()
          .map(line -> Instant.ofEpochSecond(Long.parseLong(line.substring(6))));
    }
  }
}
