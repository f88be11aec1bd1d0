package dev.keystead.cli.demo;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code keystead demo}. */
@Command(
    name = "demo",
    description = {
      "See three machines enrol, attest, receive a secret and be watched; one is tampered with, is"
          + " caught and is cut off. Then a host runs a program that keeps a secret from any other.",
      "Registrar, verifier and three agents, each with a software TPM of its own, run in this"
          + " process and speak over real sockets and TLS; nothing is mocked. The answer is 0 only"
          + " if all of it happened."
    })
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--keep",
      description = "Leave it running until Ctrl-C, and say how to look around.")
  private boolean keep;

  @Mixin private OutputFormat output;
  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = command.commandLine().getOut();
    Path folder = Files.createTempDirectory("keystead-demo-").toRealPath();
    Timeline timeline = new Timeline(out, !output.isJson(), folder);
    timeline.say("Keystead demo in " + folder + "\n");
    try (Demo demo = new Demo(folder, timeline)) {
      // Interrupted or not: servers are stopped, secrets unmounted, and the folder is deleted.
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(demo, folder), "ending the demo"));
      demo.run();
      conclude(timeline, demo, out);
      if (keep && timeline.ok()) {
        new CountDownLatch(1).await();
      }
    }
    return timeline.ok() ? ExitCode.TRUSTED : ExitCode.NOT_TRUSTED;
  }

  private void end(Demo demo, Path folder) {
    demo.close();
    if (!keep) {
      try {
        delete(folder);
      } catch (IOException e) {
        command
            .commandLine()
            .getErr()
            .println("keystead: " + folder + " is left: " + e.getMessage());
      }
    }
  }

  private void conclude(Timeline timeline, Demo demo, PrintWriter out) {
    timeline.say(
        "\n"
            + (timeline.ok()
                ? "All of it happened, in %.1f s.".formatted(timeline.now().toMillis() / 1e3)
                : "It did NOT all happen: see the step that failed."));
    List<String> hints = keep ? LookAround.hints(demo) : List.of();
    hints.forEach(timeline::say);
    if (output.isJson()) {
      JsonObjectBuilder json =
          Json.object()
              .put("ok", timeline.ok())
              .put("tookMillis", timeline.now().toMillis())
              .put("steps", timeline.steps());
      if (keep) {
        json.put("lookAround", Json.strings(hints));
      }
      out.print(json.build().pretty());
      out.flush();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
