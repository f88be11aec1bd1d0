package dev.keystead.lab.peers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How a program of Keylime's is started: in a folder, with variables of the environment. */
record Command(Map<String, String> variables, Path folder, String input) {
  /** Variables that would change whom Python's programs trust. */
  private static final List<String> FOREIGN = List.of("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE");

  /** What came of it: the exit status and all that it wrote. */
  record Ended(List<String> command, int exit, String output) {
    /** Itself, if the program says that it went well. */
    Ended good() {
      if (exit != 0) {
        throw new AssertionError("%s ended with %d: %s".formatted(command, exit, output));
      }
      return this;
    }
  }

  static Command environment(Map<String, String> variables) {
    return new Command(variables, Path.of("."), "");
  }

  Command in(Path other) {
    return new Command(variables, other, input);
  }

  /** With what a person would type. */
  Command typing(String text) {
    return new Command(variables, folder, text);
  }

  /** Starts it; everything that it writes goes to the log. */
  Process start(List<String> command, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    FOREIGN.forEach(builder.environment()::remove);
    builder.environment().putAll(variables);
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended without reading all; its exit status says what it thinks.
    }
    return process;
  }

  /** Runs it to its end, which comes within two minutes. */
  Ended run(List<String> command) throws IOException, InterruptedException {
    Path log = Files.createTempFile("keystead-peer", ".log");
    try {
      Process process = start(command, log);
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(command + " did not end: " + Files.readString(log));
      }
      return new Ended(command, process.exitValue(), Files.readString(log));
    } finally {
      Files.delete(log);
    }
  }
}
