package dev.keystead.node.payload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a delivered program as a child: nothing of our environment but a PATH, no input, its output
 * kept up to a bound, and an end set to it and its children when its time is over.
 */
public final class Program {
  private static final System.Logger LOG = System.getLogger(Program.class.getName());
  private static final int MAX_OUTPUT = 16 << 10;
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private Program() {}

  /**
   * Runs the command and waits for it.
   *
   * @param name what the log calls it
   * @param directory where it runs
   * @param time after which it is killed
   * @return its exit status; -1 when it could not be started or was killed
   */
  public static int run(String name, List<String> command, Path directory, Duration time)
      throws InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", PATH, "LANG", "C.UTF-8"));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "{0} cannot be run: {1}", name, e.getMessage());
      return -1;
    }
    try {
      process.getOutputStream().close();
      Thread reader = Thread.ofVirtual().start(() -> log(name, process.getInputStream()));
      if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(System.Logger.Level.ERROR, "{0} was killed after {1}", name, time);
        return -1;
      }
      reader.join(Duration.ofSeconds(1));
      return process.exitValue();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "{0} failed: {1}", name, e.getMessage());
      return -1;
    } finally {
      kill(process);
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Logs the first of what is printed and drops the rest, so that the child never blocks on it. */
  private static void log(String name, InputStream output) {
    try (output) {
      String text = new String(output.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        LOG.log(System.Logger.Level.INFO, "{0}: {1}", name, line.replaceAll("\\p{Cntrl}", "?"));
      }
      output.skip(Long.MAX_VALUE);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the output of {0} ended: {1}", name, e.getMessage());
    }
  }
}
