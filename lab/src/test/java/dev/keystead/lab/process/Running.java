package dev.keystead.lab.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The program as a process that goes on until it is ended, and the lines that it prints. */
public final class Running implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Process process;
  private final Path errors;
  private final List<String> lines = new ArrayList<>();

  /** Starts the program with these arguments. */
  public Running(Path errors, String... arguments) throws IOException {
    this.errors = errors;
    List<String> command = new ArrayList<>(command());
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    Thread.ofVirtual().start(this::read);
  }

  /** How the program is started. */
  public static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx192m",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"),
        "dev.keystead.cli.Main");
  }

  private void read() {
    try (BufferedReader in = process.inputReader()) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        synchronized (lines) {
          lines.add(line);
          lines.notifyAll();
        }
      }
    } catch (IOException e) {
      synchronized (lines) {
        lines.add("not read: " + e);
      }
    }
  }

  /** How many lines it has said so far. */
  public int said() {
    synchronized (lines) {
      return lines.size();
    }
  }

  /** The first line from a number on that holds all of these words. */
  public String await(int from, String... words) throws InterruptedException, IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    synchronized (lines) {
      for (int i = from; ; i++) {
        while (i >= lines.size()) {
          long left = (end - System.nanoTime()) / 1_000_000;
          if (left <= 0 || (!process.isAlive() && i >= lines.size())) {
            throw new AssertionError(
                "no %s in %s %s".formatted(List.of(words), lines, Files.readString(errors)));
          }
          lines.wait(Math.min(left, 500));
        }
        String line = lines.get(i);
        if (List.of(words).stream().allMatch(line::contains)) {
          return line;
        }
      }
    }
  }

  /** kill -9. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(Duration.ofSeconds(10))) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
