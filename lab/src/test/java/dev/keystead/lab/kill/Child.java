package dev.keystead.lab.kill;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process of ours that is started, killed and started again, and what it said in all its lives.
 */
final class Child {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name;
  private final List<String> command;
  private final Path errors;
  private final List<String> lines = new ArrayList<>();
  private int born;
  private int deaths;
  private @Nullable Process process;
  private @Nullable Thread reader;

  Child(String name, Path folder, List<String> arguments) {
    this.name = name;
    this.errors = folder.resolve(name + ".log");
    command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx192m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Part.class.getName()));
    command.addAll(arguments);
  }

  String name() {
    return name;
  }

  /** Starts it; what it says comes as it says it. */
  void start() throws IOException {
    Process started =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    process = started;
    born = said();
    reader = Thread.ofVirtual().name(name + "-lines").start(() -> read(started));
  }

  private void read(Process from) {
    try (BufferedReader in = from.inputReader()) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        synchronized (lines) {
          lines.add(line);
          lines.notifyAll();
        }
      }
    } catch (IOException e) {
      throw new AssertionError(name, e);
    }
  }

  /** kill -9; returns when it is dead and its last words are heard. */
  void kill() throws InterruptedException {
    if (process != null && reader != null) {
      if (!process.isAlive()) {
        throw new AssertionError(name + " died by itself: " + text(errors));
      }
      end();
      deaths++;
    }
  }

  /** How often it was killed. */
  int deaths() {
    return deaths;
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Ends it, if it lives. */
  void end() throws InterruptedException {
    if (process != null && reader != null) {
      process.destroyForcibly().waitFor();
      reader.join();
      process = null;
    }
  }

  /** How many lines it has said so far. */
  int said() {
    synchronized (lines) {
      return lines.size();
    }
  }

  /** Everything that it said, from this line on. */
  List<String> lines(int from) {
    synchronized (lines) {
      return List.copyOf(lines.subList(from, lines.size()));
    }
  }

  /** The first line of this life that begins so, which comes within a minute. */
  String await(String beginning) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    synchronized (lines) {
      for (int i = born; ; i++) {
        while (i >= lines.size()) {
          long left = (deadline - System.nanoTime()) / 1_000_000;
          if (left <= 0) {
            throw new AssertionError(
                "%s did not say %s but %s: %s"
                    .formatted(name, beginning, lines.subList(born, lines.size()), text(errors)));
          }
          lines.wait(left);
        }
        if (lines.get(i).startsWith(beginning)) {
          return lines.get(i);
        }
      }
    }
  }

  /** Waits until this life says that it answers. */
  void awaitStarted() throws InterruptedException {
    var _ = await("started");
  }
}
