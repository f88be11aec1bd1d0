package dev.keystead.cli.demo;

import dev.keystead.cli.demo.DemoHost.Ended;
import dev.keystead.tao.TaoException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Programs are principals too: one seals a secret, is started again and unseals it; changed by one
 * comment it is another program and does not.
 */
final class ProgramChapter implements AutoCloseable {
  private static final String PROGRAM = "keeper.sh";

  private final Path folder;
  private final Timeline timeline;
  private @Nullable DemoHost running;

  ProgramChapter(Path folder, Timeline timeline) {
    this.folder = folder;
    this.timeline = timeline;
  }

  void tell() throws InterruptedException {
    timeline.step(
        "host", "programs", () -> "named by its TPM and what was booted: " + host().name());
    Ended[] first = new Ended[1];
    timeline.step(
        "seal",
        PROGRAM,
        () -> {
          first[0] = run(0);
          return "measured as %s..., it made a secret and sealed it"
              .formatted(first[0].measurement());
        });
    timeline.step(
        "unseal",
        PROGRAM,
        () -> {
          if (!run(0).equals(first[0])) {
            throw new DemoException("started again, it is not the same or has not the secret");
          }
          return "started again, it is the same program and has its secret";
        });
    timeline.step(
        "modify",
        PROGRAM,
        () -> {
          host().modify();
          Ended changed = run(1);
          if (changed.output().contains(first[0].output())) {
            throw new DemoException("changed, it has the secret");
          }
          return "with one more comment it is %s..., and is refused: %s"
              .formatted(changed.measurement(), changed.output());
        });
  }

  private Ended run(int code) throws IOException, InterruptedException {
    try {
      Ended ended = host().run();
      if (ended.code() != code) {
        throw new DemoException("it ended with %d: %s".formatted(ended.code(), ended.output()));
      }
      return ended;
    } catch (TaoException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private synchronized DemoHost host() throws IOException {
    DemoHost host = running;
    if (host == null) {
      host = new DemoHost(folder);
      running = host;
    }
    return host;
  }

  @Override
  public synchronized void close() {
    if (running != null) {
      running.close();
    }
  }
}
