package dev.keystead.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Where and when figures were taken. */
final class Machine {
  private Machine() {}

  /** Cores, processor, memory, kernel, Java, load, time: one line. */
  static String words() throws IOException {
    return "%d cores of %s, %s of memory, Linux %s, Java %s, load %s, %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            value(Path.of("/proc/cpuinfo"), "model name"),
            value(Path.of("/proc/meminfo"), "MemTotal"),
            System.getProperty("os.version"),
            Runtime.version(),
            String.format(
                Locale.ROOT,
                "%.1f",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()),
            Instant.now().truncatedTo(ChronoUnit.MINUTES));
  }

  private static String value(Path file, String name) throws IOException {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse("?");
    }
  }
}
